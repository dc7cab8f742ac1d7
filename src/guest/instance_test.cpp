#include "guest/instance.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <map>
#include <string>

#include "guest/engine_program.hpp"
#include "guest/sandbox_testing.hpp"

namespace quiesce::guest {
namespace {

using testing::World;

constexpr std::uint64_t kMemoryMax = 64u << 20;
const qw_module& kModule = EngineProgram::built_in()->module();

wire eval(Instance& guest, std::string_view source) {
  const u32 bytes = static_cast<u32>(source.size());
  const u32 address = guest.allocate(bytes + 1);
  std::memcpy(guest.memory().bytes(address, bytes + 1).data(), std::string(source).c_str(),
              bytes + 1);
  const wire result = guest.eval(address, bytes, address, 0, 0);
  guest.deallocate(address);
  return result;
}
double number(wire value) {
  EXPECT_TRUE(q_wire_is_number(value)) << std::hex << value;
  return std::bit_cast<double>(value);
}

TEST(Instance, RunsJavaScript) {
  World world;
  Instance guest(world, kMemoryMax);
  guest.start(1);
  EXPECT_EQ(number(eval(guest, "let x = 6; x * 7")), 42);
  EXPECT_EQ(number(eval(guest, "x + 1")), 7);
}

TEST(Instance, EachHasItsOwnMemory) {
  World world;
  Instance a(world, kMemoryMax), b(world, kMemoryMax);
  a.start(1);
  b.start(1);
  eval(a, "globalThis.mine = 1");
  EXPECT_EQ(number(eval(a, "typeof mine == 'number' ? 1 : 0")), 1);
  EXPECT_EQ(number(eval(b, "typeof mine == 'number' ? 1 : 0")), 0);
}

TEST(Instance, TheBaseImageIsNotChangedByThoseWhoUseIt) {
  const BaseImage& image = base_image();
  const std::string before(reinterpret_cast<const char*>(image.bytes), image.size);
  {
    World world;
    Instance guest(world, kMemoryMax);
    guest.start(1);
    eval(guest, "globalThis.x = Array.from({length: 10000}, (_, i) => ({i}))");
  }
  EXPECT_EQ(std::memcmp(before.data(), image.bytes, image.size), 0);
}

TEST(Instance, ABeginsAsTheBaseImage) {
  const BaseImage& image = base_image();
  World world;
  Instance guest(world, kMemoryMax);
  ASSERT_EQ(guest.memory().size(), image.size);
  EXPECT_EQ(std::memcmp(guest.memory().base(), image.bytes, image.size), 0);
  EXPECT_EQ(guest.shared(), image.shared);
  EXPECT_LT(image.stack_low, image.stack_pointer);
  for (std::uint32_t at = image.stack_low; at < image.stack_pointer; at += 4096) {
    ASSERT_EQ(image.bytes[at], std::byte{0});
  }
}

TEST(Instance, TheIdentityOfTheEngineIsADigest) {
  EXPECT_EQ(engine_sha256().size(), 64u);
  EXPECT_EQ(engine_sha256().find_first_not_of("0123456789abcdef"), std::string_view::npos);
}

template <class T>
constexpr char kLetter = std::is_void_v<T>        ? 'v'
                         : std::is_same_v<T, f64> ? 'd'
                                                  : 'i';
template <>
constexpr char kLetter<u64> = 'l';

template <class Result, class... Parameters>
std::string type_of(Result (Instance::*)(Parameters...)) {
  std::string text;
  (text.push_back(kLetter<Parameters>), ...);
  return text + '>' + kLetter<Result>;
}

TEST(Instance, TheEngineExportsWhatTheTableSays) {
  std::map<std::string, std::string> exported;
  for (u32 i = 0; i < kModule.export_count; ++i) {
    exported[kModule.exports[i].name] = kModule.exports[i].type;
  }
#define QUIESCE_EXPORT(result, name, ...) \
  EXPECT_EQ(exported["q_" #name], type_of(&Instance::name)) << #name;
#define QUIESCE_IMPORT(...)
#include "guest/abi.def"
#undef QUIESCE_EXPORT
#undef QUIESCE_IMPORT
}

TEST(Instance, EveryImportOfTheEngineIsAnswered) {
  for (u32 i = 0; i < kModule.import_count; ++i) {
    EXPECT_NE(find_import(kModule.imports[i]), nullptr) << kModule.imports[i].name;
  }
  EXPECT_EQ(find_import({"quiesce", "host_call", "i>i"}), nullptr);
  EXPECT_EQ(find_import({"quiesce", "host_of_nobody", "i>i"}), nullptr);
  EXPECT_EQ(find_import({"elsewhere", "host_call", "i>i"}), nullptr);
}

// What is needed to link a native extension to the engine.
TEST(Instance, TheEngineExportsTheApiOfQuickjsAndTheCLibrary) {
  std::map<std::string, std::string> exported;
  for (u32 i = 0; i < kModule.export_count; ++i) {
    exported[kModule.exports[i].name] = kModule.exports[i].type;
  }
  EXPECT_EQ(exported["JS_Eval"], "iiiii>l");
  EXPECT_EQ(exported["malloc"], "i>i");
  EXPECT_EQ(exported["fmod"], "dd>d");
  EXPECT_EQ(kModule.table_size_max, 0xffffffffu);
}

TEST(Instance, ATrapIsThrownAndStays) {
  World world;
  Instance guest(world, kMemoryMax);
  guest.start(1);
  EXPECT_FALSE(guest.trapped());
  EXPECT_THROW(guest.eval(0xfffffff0, 100, 0xfffffff0, 4, 0), Trap);
  EXPECT_TRUE(guest.trapped());
  EXPECT_THROW(guest.job_ready(), Trap);
  Instance other(world, kMemoryMax);
  EXPECT_EQ(number(eval(other, "1 + 1")), 2);
}

TEST(Instance, TheHardDeadlineStopsCodeThatAsksNobody) {
  World world;
  Instance guest(world, kMemoryMax);
  guest.start(1);
  guest.set_hard_deadline(ThreadClock::now() + std::chrono::milliseconds(50));
  EXPECT_THROW(eval(guest, "for (;;) {}"), Trap);
  EXPECT_TRUE(guest.trapped());
}

TEST(Instance, MemoryEndsAtTheLimit) {
  World world;
  Instance guest(world, 16u << 20);
  guest.start(1);
  EXPECT_EQ(q_wire_kind(eval(guest, "const all = []; for (;;) all.push(new Uint8Array(100000))")),
            Q_EXCEPTION);
  EXPECT_LE(guest.memory().size(), 16u << 20);
  EXPECT_EQ(number(eval(guest, "1 + 1")), 2);
}

}  // namespace
}  // namespace quiesce::guest
