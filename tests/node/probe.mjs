// What a module gives, as a text that can be compared. Both Node and Quiesce import this file from
// the folder in which the packages lie.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

const describe = (from, names) => names.map((name) => {
  let type;
  try {
    type = from[name] === null ? "null" : typeof from[name];
  } catch (error) {
    type = `throws ${error?.name}`;
  }
  return `${name}: ${type}`;
});

// The names that a namespace, an object or a function gives, each with the type of what is there.
const names_of = (value) =>
  (typeof value === "object" && value !== null) || typeof value === "function"
    ? describe(value, Object.keys(value).sort()) : [];

export const ask = async (kind, specifier) => {
  try {
    const given = kind === "require" ? require(specifier) : await import(specifier);
    const names = names_of(given);
    if (kind === "require") {
      names.unshift(`a ${given === null ? "null" : typeof given}`);
    } else if ("default" in given) {
      names.push(...names_of(given.default).map((name) => `default.${name}`));
    }
    return { names };
  } catch (error) {
    return {
      error: error?.code ?? error?.name ?? String(error), text: `${error}\n${error?.stack}`,
    };
  }
};
