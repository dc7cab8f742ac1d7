// Bytecode that was forged: its digests are right, its content is not. The VM that runs it may be
// lost; the process, and other VMs, are not.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fuzz/session.hpp"
#include "snapshot/engine_parts.hpp"
#include "vm/bytecode_format.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quiesce;
  static VM compiler;
  static const Bytecode programs[] = {
      compiler.compile(
          "let a = [1, {b: 2}]; for (const x of a) try { f(x) } catch { a = x => `${x}y` }"
          "function f(x) { return x.y.z } class C extends Map { #p = 1; m() { return this.#p } }"
          "/(a+)b/u.exec('aab') + new C().m() + [...(function* () { yield 1 })()]"),
      compiler.compile("const {a, ...rest} = await null ?? {a: 1n}; async () => rest",
                       {.type = SourceType::async_script}),
      compiler.compile("import x from 'y'; export const z = await x; export default class {}",
                       {.type = SourceType::module})};
  fuzz::Reader input(data, size);
  detail::BytecodeParts parts = detail::decode_bytecode(programs[input.choose(3)].bytes(),
                                                        detail::EngineParts::built_in()->digest());
  while (!input.empty()) {
    const std::size_t at = 5 + input.take<std::uint16_t>() % (parts.code.size() - 5);
    parts.code[at] = static_cast<std::byte>(input.take<std::uint8_t>());
  }
  // QuickJS has a checksum of its own, and a way around it.
  std::memset(parts.code.data() + 1, 0xff, 4);
  Host host;
  host.modules(
      [](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
      [](VM&, const ModuleKey&) { return std::optional(ModuleSource{"export default 1", {}}); });
  Limits limits = fuzz::small_limits();
  limits.time_max = std::chrono::milliseconds(50);
  VM victim{host, limits};
  (void)attempt([&] {
    victim.run_bytecode(Bytecode::from_bytes(detail::encode_bytecode(parts)));
    victim.run_until_idle();
    victim.collect_garbage();
    victim.snapshot();
  });
  fuzz::require(compiler.eval("6 * 7").as<int>() == 42, "another VM was hurt");
  return 0;
}
