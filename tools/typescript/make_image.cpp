// Makes the image that strip_types wakes: make-typescript-image SCRIPT IMAGE
//
// SCRIPT is what cut.mjs made. It is compiled in one VM and runs, without its text, in another one,
// which falls asleep with the function as its root `strip`. Equal scripts give equal bytes. IMAGE
// keeps its time if it has them already, so that nothing is built again.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "quiesce/quiesce.hpp"

namespace {

// What the parser makes when it first needs it is made here.
constexpr std::string_view kSample = R"(
import type {A} from "a"; import {type B, c} from "b"; import type R = require("r");
export type {A}; export interface I<T extends A = B> { readonly x?: T; m(): void; [k: string]: any }
declare global { var g: number } declare const d: unique symbol;
abstract class K<T> extends c<T> implements I<T> {
  private readonly x: number = 1; declare y: string; static #z?: T; abstract w(): void;
  constructor(a: string, b?: number) { super(); } get v(): T { return this.#v!; }
  override async *m<const U>(this: K<T>, ...r: U[]): AsyncGenerator<U> { yield* r as any; }
}
const f = <T,>(a: T): a is NonNullable<T> => a satisfies {} | undefined;
for (const [i, {j = 2}] of (<any>c).entries()) { label: while (i) { if (j) continue label; } }
try { f<number>(1); new Map<string, A[]>(); } catch (e: unknown) { throw `${e}` + /x/u.source; }
switch (typeof d) { case "a": default: void 0, (1 as const) ?? null; }
)";

std::string read_text(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  return text;
}

bool holds(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  if (!std::filesystem::exists(path)) return false;
  const std::string text = read_text(path.c_str());
  return std::ranges::equal(std::as_bytes(std::span(text)), bytes);
}

quiesce::Snapshot make_image(std::string_view script) {
  quiesce::Host host;
  host.clock(quiesce::fixed_clock({})).entropy(quiesce::seeded_entropy(0));
  const quiesce::Bytecode program = quiesce::VM(host).compile(
      script, {.file_name = "typescript.js", .strip = quiesce::Strip::source_and_debug});
  quiesce::VM vm{host, {.stack_bytes_max = 2u << 20}};
  {
    const quiesce::Value strip = vm.run_bytecode(program);
    strip(kSample);
    vm.keep("strip", strip);
  }
  vm.collect_garbage();
  return vm.snapshot();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: make-typescript-image SCRIPT IMAGE\n", stderr);
    return 2;
  }
  try {
    const quiesce::Snapshot image = make_image(read_text(argv[1]));
    if (!holds(argv[2], image.to_bytes())) image.save(argv[2]);
    return 0;
  } catch (const quiesce::JSError& error) {
    std::fprintf(stderr, "make-typescript-image: %s\n%s\n", error.what(), error.stack().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make-typescript-image: %s\n", error.what());
  }
  return 1;
}
