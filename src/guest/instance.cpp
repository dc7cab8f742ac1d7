#include "guest/instance.hpp"

#include <string>

#include "guest/sandbox.hpp"
#include "guest/slot.hpp"
#include "quiesce/error.hpp"

namespace quiesce::guest {

struct Instance::Parts {
  Parts(const EngineProgram& program, Imports& imports, std::uint64_t memory_bytes_max,
        const MemoryImage& image)
      : engine(program),
        sandbox(program.module(), program.imports(), &imports, image, memory_bytes_max) {}

  const EngineProgram& engine;
  Sandbox sandbox;
};

Instance::Instance(const EngineProgram& engine, Imports& imports, std::uint64_t memory_bytes_max)
    : Instance(engine, imports, memory_bytes_max, engine.base_image().memory) {}
Instance::Instance(const EngineProgram& engine, Imports& imports, std::uint64_t memory_bytes_max,
                   const MemoryImage& image)
    : parts_(std::make_unique<Parts>(engine, imports, memory_bytes_max, image)) {}
Instance::Instance(Imports& imports, std::uint64_t memory_bytes_max)
    : Instance(*EngineProgram::built_in(), imports, memory_bytes_max) {}
Instance::~Instance() = default;

const EngineProgram& Instance::engine() const noexcept { return parts_->engine; }
LinearMemory& Instance::memory() noexcept { return parts_->sandbox.memory(); }
const LinearMemory& Instance::memory() const noexcept { return parts_->sandbox.memory(); }
std::uint32_t Instance::depth() const noexcept { return parts_->sandbox.depth(); }
bool Instance::trapped() const noexcept { return parts_->sandbox.trapped() != TrapKind::none; }
void Instance::poison(TrapKind why) noexcept { parts_->sandbox.poison(why); }
void Instance::set_hard_deadline(ThreadClock::time_point deadline) {
  parts_->sandbox.set_hard_deadline(deadline);
}
void Instance::clear_hard_deadline() noexcept { parts_->sandbox.clear_hard_deadline(); }

namespace {

[[noreturn, gnu::cold]] void refuse(const EngineProgram& engine, const char* name) {
  throw Error(Errc::engine, std::string("the engine of this VM, ") + engine.about().sha256 +
                                ", cannot do this: it has no " + name +
                                "; a VM of a newer engine can");
}

template <class Result, class... Parameters>
Result enter(const EngineProgram& engine, Sandbox& sandbox, Export row, const char* name,
             Parameters... parameters) {
  const qw_entry entry = engine.entry(row);
  if (entry == nullptr) [[unlikely]]
    refuse(engine, name);
  std::uint64_t slots[sizeof...(parameters) + 1] = {to_slot(parameters)...};
  sandbox.enter(entry, slots);
  if constexpr (!std::is_void_v<Result>) return from_slot<Result>(slots[0]);
}

}  // namespace

// The table has types without names: p1, p2... are given here, by the number of types.
#define QUIESCE_PICK(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, chosen, ...) chosen
#define QUIESCE_BY_COUNT(what, ...)                                                                \
  QUIESCE_PICK(_ __VA_OPT__(, ) __VA_ARGS__, what##9, what##8, what##7, what##6, what##5, what##4, \
               what##3, what##2, what##1, what##0)                                                 \
  (__VA_ARGS__)
#define QUIESCE_NAMED0()
#define QUIESCE_NAMED1(a) a p1
#define QUIESCE_NAMED2(a, b) a p1, b p2
#define QUIESCE_NAMED3(a, b, c) a p1, b p2, c p3
#define QUIESCE_NAMED4(a, b, c, d) a p1, b p2, c p3, d p4
#define QUIESCE_NAMED5(a, b, c, d, e) a p1, b p2, c p3, d p4, e p5
#define QUIESCE_NAMED6(a, b, c, d, e, f) a p1, b p2, c p3, d p4, e p5, f p6
#define QUIESCE_NAMED7(a, b, c, d, e, f, g) a p1, b p2, c p3, d p4, e p5, f p6, g p7
#define QUIESCE_NAMED8(a, b, c, d, e, f, g, h) a p1, b p2, c p3, d p4, e p5, f p6, g p7, h p8
#define QUIESCE_NAMED9(a, b, c, d, e, f, g, h, i) \
  a p1, b p2, c p3, d p4, e p5, f p6, g p7, h p8, i p9
#define QUIESCE_PASSED0()
#define QUIESCE_PASSED1(a) , p1
#define QUIESCE_PASSED2(a, b) , p1, p2
#define QUIESCE_PASSED3(a, b, c) , p1, p2, p3
#define QUIESCE_PASSED4(a, b, c, d) , p1, p2, p3, p4
#define QUIESCE_PASSED5(a, b, c, d, e) , p1, p2, p3, p4, p5
#define QUIESCE_PASSED6(a, b, c, d, e, f) , p1, p2, p3, p4, p5, p6
#define QUIESCE_PASSED7(a, b, c, d, e, f, g) , p1, p2, p3, p4, p5, p6, p7
#define QUIESCE_PASSED8(a, b, c, d, e, f, g, h) , p1, p2, p3, p4, p5, p6, p7, p8
#define QUIESCE_PASSED9(a, b, c, d, e, f, g, h, i) , p1, p2, p3, p4, p5, p6, p7, p8, p9

#define QUIESCE_EXPORT(result, name, ...)                                           \
  result Instance::name(QUIESCE_BY_COUNT(QUIESCE_NAMED, __VA_ARGS__)) {             \
    return enter<result>(parts_->engine, parts_->sandbox, Export::name,             \
                         "q_" #name QUIESCE_BY_COUNT(QUIESCE_PASSED, __VA_ARGS__)); \
  }
#define QUIESCE_IMPORT(...)
#include "guest/abi.def"
#undef QUIESCE_EXPORT
#undef QUIESCE_IMPORT

}  // namespace quiesce::guest
