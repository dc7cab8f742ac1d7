'use strict';
// util.parseArgs.
const { codes } = require('internal/errors');
const {
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_ARG_VALUE,
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE,
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL,
  ERR_PARSE_ARGS_UNKNOWN_OPTION,
} = codes;
const {
  validateArray,
  validateBoolean,
  validateObject,
  validateString,
} = require('internal/validators');

const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

function tokenize(args, options) {
  const tokens = [];
  const rest = [...args];
  let index = -1;
  let groupCount = 0;
  const byShort = (short) =>
    Object.keys(options).find((name) => options[name].short === short) ?? short;
  // Its value, if it takes one, is the next argument.
  const pushOption = (name, rawName) => {
    const takesNext = own(options, name)?.type === 'string' && rest[0] != null;
    const inlineValue = takesNext ? false : undefined;
    const value = takesNext ? rest.shift() : undefined;
    tokens.push({ kind: 'option', name, rawName, index, value, inlineValue });
    if (takesNext) ++index;
  };
  while (rest.length > 0) {
    const arg = rest.shift();
    if (groupCount > 0) groupCount--;
    else index++;
    if (arg === '--') {
      tokens.push({ kind: 'option-terminator', index });
      for (const value of rest) tokens.push({ kind: 'positional', index: ++index, value });
      break;
    }
    if (/^-[^-]$/.test(arg)) {
      pushOption(byShort(arg[1]), arg);
      continue;
    }
    if (arg.length > 2 && arg[0] === '-' && arg[1] !== '-') {
      if (own(options, byShort(arg[1]))?.type !== 'string') {
        const expanded = [];
        for (let i = 1; i < arg.length; i++) {
          const name = byShort(arg[i]);
          if (own(options, name)?.type !== 'string' || i === arg.length - 1)
            expanded.push(`-${arg[i]}`);
          else {
            expanded.push(`-${arg.slice(i)}`);
            break;
          }
        }
        rest.unshift(...expanded);
        groupCount = expanded.length;
        continue;
      }
      const name = byShort(arg[1]);
      tokens.push({
        kind: 'option',
        name,
        rawName: `-${arg[1]}`,
        index,
        value: arg.slice(2),
        inlineValue: true,
      });
      continue;
    }
    if (/^--[^=]+$/.test(arg)) {
      pushOption(arg.slice(2), arg);
      continue;
    }
    if (arg.length > 3 && arg.startsWith('--') && arg.indexOf('=', 3) > 0) {
      const equals = arg.indexOf('=');
      const name = arg.slice(2, equals);
      tokens.push({
        kind: 'option',
        name,
        rawName: `--${name}`,
        index,
        value: arg.slice(equals + 1),
        inlineValue: true,
      });
      continue;
    }
    tokens.push({ kind: 'positional', index, value: arg });
  }
  return tokens;
}

function checkUsage(config, token) {
  const option = own(config.options, token.name);
  if (option === undefined) {
    if (
      config.allowNegative &&
      token.name.startsWith('no-') &&
      own(config.options, token.name.slice(3))?.type === 'boolean'
    )
      return;
    throw new ERR_PARSE_ARGS_UNKNOWN_OPTION(token.rawName, config.allowPositionals);
  }
  const names = option.short ? `-${option.short}, --${token.name}` : `--${token.name}`;
  if (option.type === 'string' && typeof token.value !== 'string') {
    throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${names} <value>' argument missing`);
  }
  if (option.type === 'boolean' && token.value != null) {
    throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${names}' does not take an argument`);
  }
}

function checkLikeOption(token) {
  if (token.inlineValue || typeof token.value !== 'string' || !/^-[^]/.test(token.value)) return;
  const example = token.rawName.startsWith('--')
    ? `'${token.rawName}=-XYZ'`
    : `'--${token.name}=-XYZ' or '${token.rawName}-XYZ'`;
  throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${token.rawName}' argument is ambiguous.
Did you forget to specify the option argument for '${token.rawName}'?
To specify an option argument starting with a dash use ${example}.`);
}

function parseArgs(config = {}) {
  const args = own(config, 'args') ?? require('process').argv.slice(2);
  const strict = own(config, 'strict') ?? true;
  const allowPositionals = own(config, 'allowPositionals') ?? !strict;
  const returnTokens = own(config, 'tokens') ?? false;
  const allowNegative = own(config, 'allowNegative') ?? false;
  const options = own(config, 'options') ?? { __proto__: null };
  const all = { args, strict, options, allowPositionals, allowNegative };
  validateArray(args, 'args');
  validateBoolean(strict, 'strict');
  validateBoolean(allowPositionals, 'allowPositionals');
  validateBoolean(returnTokens, 'tokens');
  validateBoolean(allowNegative, 'allowNegative');
  validateObject(options, 'options');
  for (const [name, option] of Object.entries(options)) {
    validateObject(option, `options.${name}`);
    if (option.type !== 'string' && option.type !== 'boolean') {
      throw new ERR_INVALID_ARG_TYPE(
        `options.${name}.type`,
        `('string|boolean')`,
        own(option, 'type'),
      );
    }
    if (Object.hasOwn(option, 'short')) {
      validateString(option.short, `options.${name}.short`);
      if (option.short.length !== 1)
        throw new ERR_INVALID_ARG_VALUE(
          `options.${name}.short`,
          option.short,
          'must be a single character',
        );
    }
    if (own(option, 'multiple') !== undefined)
      validateBoolean(option.multiple, `options.${name}.multiple`);
  }
  const tokens = tokenize(args, options);
  const result = { values: { __proto__: null }, positionals: [] };
  if (returnTokens) result.tokens = tokens;
  const store = (name, value) => {
    if (name === '__proto__') return;
    if (own(options, name)?.multiple) {
      if (result.values[name]) result.values[name].push(value);
      else result.values[name] = [value];
    } else {
      result.values[name] = value;
    }
  };
  for (const token of tokens) {
    if (token.kind === 'option') {
      if (strict) {
        checkUsage(all, token);
        checkLikeOption(token);
      }
      if (
        allowNegative &&
        token.name.startsWith('no-') &&
        own(options, token.name) === undefined &&
        own(options, token.name.slice(3))?.type === 'boolean'
      ) {
        token.name = token.name.slice(3);
        store(token.name, false);
      } else {
        store(token.name, token.value ?? true);
      }
    } else if (token.kind === 'positional') {
      if (!allowPositionals) throw new ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL(token.value);
      result.positionals.push(token.value);
    }
  }
  for (const [name, option] of Object.entries(options)) {
    if (option.default !== undefined && result.values[name] === undefined)
      result.values[name] = option.default;
  }
  return result;
}

module.exports = { parseArgs };
