// D12: engines that are libraries, and files that are none.
#include "guest/engine_library.hpp"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <fstream>
#include <random>
#include <vector>

#include "base/file.hpp"
#include "guest/instance.hpp"
#include "guest/sandbox_testing.hpp"
#include "older_engine.hpp"
#include "quiesce/error.hpp"
#include "quiesce_wall.h"
#include "temporary_folder.hpp"
#include "test_build.h"

namespace quiesce::guest {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;

/// Where `text` stands first.
std::size_t find(const Bytes& bytes, std::string_view text) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t at = all.find(text);
  EXPECT_NE(at, std::string_view::npos) << text;
  return at;
}
void put(Bytes& bytes, std::size_t at, std::string_view text) {
  std::memcpy(bytes.data() + at, text.data(), text.size());
}
template <class T>
void put_number(Bytes& bytes, std::size_t at, T number) {
  std::memcpy(bytes.data() + at, &number, sizeof(number));
}
/// Where the note's qw_engine begins.
std::size_t about_in(const Bytes& bytes) {
  return find(bytes, QW_NOTE_NAME) + sizeof(QW_NOTE_NAME);
}

class EngineLibrary : public ::testing::Test {
 protected:
  EngineLibrary() {
    bytes_ = base::read_file(older_engine());
    sha256_ = engine_in_file_name(older_engine());
  }

  /// Under the name of the older engine.
  fs::path file(const Bytes& bytes) { return file(bytes, engine_file_name(sha256_)); }
  fs::path file(const Bytes& bytes, const std::string& name) {
    fs::remove(folder_ / name);  // what is loaded is not written over
    std::ofstream(folder_ / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return folder_ / name;
  }
  static std::string refusal_of(const fs::path& file, Errc code = Errc::engine) {
    try {
      load_engine(file);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      return error.what();
    }
    return "accepted";
  }
  void expect_refused(const Bytes& bytes, const std::string& why) {
    EXPECT_NE(refusal_of(file(bytes)).find(why), std::string::npos)
        << refusal_of(file(bytes)) << "\n  expected: " << why;
  }

  const TemporaryFolder temporary_{"engine-library"};
  const fs::path folder_ = temporary_.path();
  Bytes bytes_;
  std::string sha256_;
};

double sum_of(Instance& guest) {
  const std::string_view source = "[1, 2, 3].map(x => x * 2).reduce((a, b) => a + b)";
  const u32 bytes = static_cast<u32>(source.size());
  const u32 address = guest.allocate(bytes + 1);
  guest.memory().store(address + bytes, '\0');
  std::memcpy(guest.memory().bytes(address, bytes).data(), source.data(), bytes);
  return std::bit_cast<double>(guest.eval(address, bytes, address, 0, 0));
}

TEST_F(EngineLibrary, IsTheBuiltInEngineOnceMore) {
  const auto engine = load_engine(engine_in(QUIESCE_TEST_ENGINES));
  const auto& built_in = EngineProgram::built_in();
  EXPECT_EQ(engine->sha256(), built_in->sha256());
  EXPECT_EQ(std::memcmp(&engine->about(), &built_in->about(), sizeof(qw_engine)), 0);
  EXPECT_NE(&engine->module(), &built_in->module());
  const BaseImage &a = engine->base_image(), &b = built_in->base_image();
  ASSERT_EQ(a.size, b.size);
  EXPECT_EQ(std::memcmp(a.bytes, b.bytes, a.size), 0);
  testing::World world;
  Instance guest(*engine, world, 64u << 20);
  guest.start(1);
  EXPECT_EQ(sum_of(guest), 12);
}

TEST_F(EngineLibrary, AnotherEngineHasAnotherBaseImage) {
  const auto engine = load_engine(older_engine());
  EXPECT_EQ(engine->sha256(), sha256_);
  EXPECT_NE(engine->sha256(), engine_sha256());
  const BaseImage &a = engine->base_image(), &b = base_image();
  ASSERT_EQ(a.size, b.size);
  EXPECT_NE(std::memcmp(a.bytes, b.bytes, a.size), 0);
}

TEST_F(EngineLibrary, IsLookedAtWithoutBeingLoaded) {
  const EngineFile looked = look_at_engine(older_engine());
  EXPECT_EQ(looked.about.sha256, sha256_);
  EXPECT_EQ(looked.bytes, bytes_.size());
  EXPECT_EQ(looked.about.interface_version, QW_INTERFACE_VERSION);
  EXPECT_GT(looked.about.wasm_bytes, 1u << 20);
  EXPECT_STREQ(looked.about.quickjs_version, EngineProgram::built_in()->about().quickjs_version);
}

TEST_F(EngineLibrary, AWrongNameIsRefused) {
  const std::string other(64, 'a');
  EXPECT_NE(refusal_of(file(bytes_, engine_file_name(other))).find("its name says another engine"),
            std::string::npos);
  for (const char* const name : {"engine.so", "quiesce-engine-12ab.so", "quiesce-engine-.so"}) {
    const std::string said = refusal_of(file(bytes_, name));
    EXPECT_NE(said.find("does not say which engine"), std::string::npos) << said;
    EXPECT_NE(said.find(engine_file_name(sha256_)), std::string::npos) << said;
  }
  // A library that says another hash of itself than its code does, name and note alike.
  Bytes lying = bytes_;
  put(lying, about_in(lying) + offsetof(qw_engine, sha256), other);
  EXPECT_NE(refusal_of(file(lying, engine_file_name(other))).find("another file"),
            std::string::npos);
}

TEST_F(EngineLibrary, WhatIsNoEngineIsRefused) {
  expect_refused({}, "it is no library");
  expect_refused(Bytes(100, std::byte{'x'}), "it is no library");
  EXPECT_NE(
      refusal_of(folder_ / engine_file_name(std::string(64, '0')), Errc::io).find("No such file"),
      std::string::npos);
  fs::create_directory(folder_ / "folder");
  EXPECT_NE(refusal_of(folder_ / "folder").find("no regular file"), std::string::npos);
  EXPECT_NE(refusal_of("/dev/zero").find("no regular file"), std::string::npos);
  // A library, but of something else: this program itself is one, though of an engine.
  Bytes other = bytes_;
  put(other, find(other, QW_NOTE_NAME), "Another");
  expect_refused(other, "not of an engine of Quiesce");
  Bytes executable = bytes_;
  put_number<std::uint16_t>(executable, offsetof(Elf64_Ehdr, e_type), ET_EXEC);
  expect_refused(executable, "no shared library");
}

TEST_F(EngineLibrary, AnotherProcessorInterfaceOrWallIsRefused) {
  Bytes other = bytes_;
  const auto machine = static_cast<std::uint16_t>(
      std::to_integer<int>(bytes_[offsetof(Elf64_Ehdr, e_machine)]) == EM_AARCH64 ? EM_X86_64
                                                                                  : EM_AARCH64);
  put_number(other, offsetof(Elf64_Ehdr, e_machine), machine);
  expect_refused(other, "install the one for this processor");
  other = bytes_;
  put_number(other, offsetof(Elf64_Ehdr, e_ident) + EI_CLASS, char{ELFCLASS32});
  expect_refused(other, "install the one for this processor");

  const std::size_t about = about_in(bytes_);
  other = bytes_;
  put_number<std::uint32_t>(other, about, QW_INTERFACE_VERSION + 1);
  expect_refused(other, "use a newer Quiesce");
  put_number<std::uint32_t>(other, about, 0);
  expect_refused(other, "use the Quiesce that it came with");
  other = bytes_;
  put_number<std::uint32_t>(other, about + offsetof(qw_engine, wall), 1 - QUIESCE_WALL_GUARD);
  expect_refused(other, "QUIESCE_WALL");
  for (const std::size_t at : {offsetof(qw_engine, sha256) + 64, offsetof(qw_engine, sha256)}) {
    other = bytes_;
    put(other, about + at, "g");
    expect_refused(other, "damaged");
  }
  other = bytes_;
  put(other, about + offsetof(qw_engine, quickjs_version), std::string(31, '9'));
  expect_refused(other, "damaged");
}

TEST_F(EngineLibrary, AMissingSymbolIsRefused) {
  Bytes other = bytes_;
  for (const std::size_t at : {find(other, "quiesce_engine_library")})
    put(other, at, "quiesce_engine_nothing");
  expect_refused(other, "quiesce_engine_library");
}

// Mapped by the system's loader, it would end the process.
TEST_F(EngineLibrary, WhatIsCutOffIsRefusedBeforeItIsLoaded) {
  // Behind the last segment are tables that nobody needs.
  std::uint64_t needed = 0;
  Elf64_Ehdr header;
  std::memcpy(&header, bytes_.data(), sizeof(header));
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment, bytes_.data() + header.e_phoff + i * sizeof(segment), sizeof(segment));
    needed = std::max(needed, segment.p_offset + segment.p_filesz);
  }
  for (const std::uint64_t bytes : {std::uint64_t{4}, std::uint64_t{63}, std::uint64_t{64},
                                    std::uint64_t{200}, needed / 2, needed - 1}) {
    Bytes cut = bytes_;
    cut.resize(bytes);
    expect_refused(cut, "cut off");
  }
}

TEST_F(EngineLibrary, NoHeaderMakesLookingFail) {
  std::mt19937 random(12);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    Bytes forged(bytes_.begin(), bytes_.begin() + 8192);
    for (int i = 0; i < 4; ++i)
      forged[random() % 1024] = static_cast<std::byte>(random() % 4 == 0 ? 0xff : random());
    try {
      look_at_engine(file(forged));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::engine) << error.what();
      ++refused;
    }
  }
  EXPECT_EQ(refused, 2000);  // all of them are cut off, if nothing else
}

// ---- engines whose table is another ------------------------------------------------------------

struct Edited {
  qw_module module = EngineProgram::built_in()->module();
  std::vector<qw_export> exports{module.exports, module.exports + module.export_count};
  std::vector<qw_import> imports{module.imports, module.imports + module.import_count};

  qw_export& at(std::string_view name) {
    return *std::find_if(exports.begin(), exports.end(),
                         [&](const qw_export& item) { return item.name == name; });
  }
  EngineProgram program() {
    module.exports = exports.data();
    module.imports = imports.data();
    return EngineProgram(EngineProgram::built_in()->about(), module);
  }
  std::string refusal() {
    try {
      program();
      return "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::engine);
      return error.what();
    }
  }
};

TEST(EngineTable, WhatAnEngineLacksIsToldWhenItIsAskedFor) {
  for (const bool other_type : {false, true}) {
    Edited edited;
    qw_export& row = edited.at("q_gc_threshold");
    (other_type ? row.type : row.name) = other_type ? "ii>i" : "q_something_else";
    const EngineProgram engine = edited.program();
    testing::World world;
    Instance guest(engine, world, 64u << 20);
    guest.start(1);
    try {
      guest.gc_threshold();
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::engine);
      EXPECT_NE(std::string(error.what()).find("q_gc_threshold"), std::string::npos);
    }
    EXPECT_FALSE(guest.trapped());
    EXPECT_EQ(sum_of(guest), 12);
  }
}

TEST(EngineTable, WhatNoVmLivesWithoutMustBeThere) {
  for (const char* const name : {"q_initialize", "q_wake", "q_start", "q_rest", "q_set_limits"}) {
    Edited edited;
    edited.at(name).name = "q_something_else";
    EXPECT_NE(edited.refusal().find(name), std::string::npos) << edited.refusal();
  }
}

TEST(EngineTable, AnEngineThatAsksForMoreIsNewer) {
  Edited edited;
  edited.imports.at(0) = {"quiesce", "host_of_tomorrow", "i>i"};
  EXPECT_NE(edited.refusal().find("host_of_tomorrow"), std::string::npos) << edited.refusal();
  EXPECT_NE(edited.refusal().find("newer"), std::string::npos);
}

}  // namespace
}  // namespace quiesce::guest
