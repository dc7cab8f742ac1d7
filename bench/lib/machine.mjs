// What the figures were measured on: a list of lines for docs/performance.md. Names no host.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";

function first_line(command, ...parameters) {
  try {
    return execFileSync(command, parameters, { encoding: "utf8" }).trim().split("\n")[0];
  } catch {
    return `${command}: not found`;
  }
}

const package_version = (npm_folder, name) =>
  JSON.parse(readFileSync(`${npm_folder}/node_modules/${name}/package.json`, "utf8")).version;

const is_virtual = () =>
  existsSync("/proc/cpuinfo") && /\bhypervisor\b/.test(readFileSync("/proc/cpuinfo", "utf8"));

function system_name() {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return /^PRETTY_NAME="(.*)"$/m.exec(release)?.[1] ?? os.type();
}

export function describe_machine(npm_folder) {
  const cpus = os.cpus();
  const commit = first_line("git", "rev-parse", "--short=12", "HEAD");
  const changed = first_line("git", "status", "--porcelain", "--untracked-files=no") !== "";
  return [
    `date: ${new Date().toISOString().slice(0, 10)}`,
    `Quiesce: commit ${commit}${changed ? ", with changes" : ""}`,
    `processor: ${cpus[0].model.trim()}, ${cpus.length} cores` +
      (is_virtual() ? ", virtual machine" : ""),
    `memory: ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    `system: ${system_name()}, Linux ${os.release()}`,
    `compilers: ${first_line("gcc", "--version")}; ${first_line("clang-19", "--version")}; ` +
      `wasm2c ${first_line("wasm2c", "--version")}`,
    `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    `npm packages: quickjs-wasi ${package_version(npm_folder, "quickjs-wasi")}, ` +
      `benchmark-octane ${package_version(npm_folder, "benchmark-octane")}, ` +
      `lodash-es ${package_version(npm_folder, "lodash-es")}`,
  ];
}
