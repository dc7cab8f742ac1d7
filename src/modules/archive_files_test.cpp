#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "quiesce/quiesce.hpp"
#include "temporary_folder.hpp"
#include "vm/testing.hpp"

namespace quiesce {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
using Bytes = std::vector<std::byte>;

/// libarchive writes names in the thread's locale.
class Utf8 {
 public:
  Utf8() : made_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(uselocale(made_)) {}
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;
  ~Utf8() {
    uselocale(before_);
    freelocale(made_);
  }

 private:
  locale_t made_, before_;
};

/// Archives as others write them, the bad ones too.
class Writer {
 public:
  using Setting = int (*)(archive*);
  explicit Writer(Setting format = archive_write_set_format_pax_restricted,
                  Setting filter = archive_write_add_filter_none, const char* options = nullptr,
                  const char* passphrase = nullptr)
      : bytes_(16u << 20), archive_(archive_write_new()) {
    EXPECT_EQ(format(archive_), ARCHIVE_OK);
    EXPECT_EQ(filter(archive_), ARCHIVE_OK);
    if (options != nullptr) {
      EXPECT_EQ(archive_write_set_options(archive_, options), ARCHIVE_OK);
    }
    if (passphrase != nullptr) archive_write_set_passphrase(archive_, passphrase);
    EXPECT_EQ(archive_write_open_memory(archive_, bytes_.data(), bytes_.size(), &used_),
              ARCHIVE_OK);
  }
  ~Writer() { archive_write_free(archive_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Writer& file(const std::string& path, const std::string& content) {
    return entry(path, AE_IFREG, content);
  }
  Writer& directory(const std::string& path) { return entry(path, AE_IFDIR, ""); }
  Writer& link(const std::string& path, const std::string& target) {
    return entry(path, AE_IFLNK, "",
                 [&](archive_entry* made) { archive_entry_set_symlink(made, target.c_str()); });
  }
  Writer& hard_link(const std::string& path, const std::string& target) {
    return entry(path, AE_IFREG, "",
                 [&](archive_entry* made) { archive_entry_set_hardlink(made, target.c_str()); });
  }
  Writer& entry(const std::string& path, unsigned type, const std::string& content,
                const std::function<void(archive_entry*)>& more = nullptr) {
    archive_entry* made = archive_entry_new();
    archive_entry_set_pathname(made, path.c_str());
    archive_entry_set_filetype(made, type);
    archive_entry_set_perm(made, 0644);
    archive_entry_set_mtime(made, 1'000'000, 0);
    archive_entry_set_size(made, static_cast<la_int64_t>(content.size()));
    if (more) more(made);
    const Utf8 names;
    EXPECT_GE(archive_write_header(archive_, made), ARCHIVE_WARN) << archive_error_string(archive_);
    if (!content.empty()) archive_write_data(archive_, content.data(), content.size());
    archive_entry_free(made);
    return *this;
  }
  Bytes bytes() {
    EXPECT_EQ(archive_write_close(archive_), ARCHIVE_OK);
    bytes_.resize(used_);
    return bytes_;
  }

 private:
  Bytes bytes_;
  std::size_t used_ = 0;
  archive* archive_;
};

std::string refused(const Bytes& bytes, const ArchiveOptions& options = {}) {
  return refusal_of([&] { archive_files(bytes, options); }, Errc::archive);
}

Writer& fill(Writer& writer) {
  return writer.directory("dir/").file("dir/f", "content").file("a/b/g", "g").file("\xc3\xa9", "e");
}

void expect_filled(FileSystem& files) {
  EXPECT_EQ(files.read("/dir/f"), "content");
  EXPECT_EQ(files.read("/a/b/g"), "g");
  EXPECT_EQ(files.read("/\xc3\xa9"), "e");
  EXPECT_THAT(*files.list("/"), UnorderedElementsAre("a", "dir", "\xc3\xa9"));
  EXPECT_EQ(files.status("/dir/f")->modified.time_since_epoch(), std::chrono::seconds(1'000'000));
}

TEST(ArchiveFiles, TarWithEachCompression) {
  for (const Writer::Setting filter :
       {archive_write_add_filter_none, archive_write_add_filter_gzip,
        archive_write_add_filter_bzip2, archive_write_add_filter_xz, archive_write_add_filter_zstd,
        archive_write_add_filter_lz4}) {
    Writer writer(archive_write_set_format_pax_restricted, filter);
    const Bytes bytes = fill(writer).bytes();
    expect_filled(*archive_files(bytes));
  }
  for (const Writer::Setting format :
       {archive_write_set_format_ustar, archive_write_set_format_gnutar,
        archive_write_set_format_pax}) {
    Writer writer(format);
    expect_filled(*archive_files(fill(writer).bytes()));
  }
}

TEST(ArchiveFiles, Zip) {
  for (const char* options : {"zip:compression=deflate", "zip:compression=store"}) {
    Writer writer(archive_write_set_format_zip, archive_write_add_filter_none, options);
    expect_filled(*archive_files(fill(writer).bytes()));
  }
}

TEST(ArchiveFiles, AFileOfTheHost) {
  Writer writer;
  const Bytes bytes = fill(writer).bytes();
  const TemporaryFolder folder{"archive"};
  std::ofstream(folder / "a.tar", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<long>(bytes.size()));
  expect_filled(*archive_files(folder / "a.tar"));
  EXPECT_EQ(code_of([&] { archive_files(folder / "none"); }), Errc::io);
  EXPECT_EQ(code_of([&] { archive_files(folder.path()); }), Errc::io);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_of([&] { archive_files(folder / "pipe"); }), Errc::io);  // and nothing waits
  EXPECT_EQ(code_of([&] { archive_files("/dev/zero"); }), Errc::io);
  std::ofstream(folder / "text") << "no archive";
  EXPECT_THAT(refusal_of([&] { archive_files(folder / "text"); }, Errc::archive),
              HasSubstr("text"));
}

TEST(ArchiveFiles, APackageOfNpm) {
  Writer writer(archive_write_set_format_ustar, archive_write_add_filter_gzip);
  const Bytes bytes = writer.file("package/package.json", "{}")
                          .file("package/lib/i.js", "1")
                          .file("top", "")
                          .bytes();
  const auto files = archive_files(bytes, {.strip = 1});
  EXPECT_THAT(*files->list("/"), UnorderedElementsAre("lib", "package.json"));
  EXPECT_EQ(files->read("/lib/i.js"), "1");
  Host host;
  host.files(Mounts().mount("/node_modules/p", files));
  EXPECT_EQ(VM(host).files().read("/node_modules/p/package.json"), "{}");
}

TEST(ArchiveFiles, LinksAndHardLinks) {
  Writer writer;
  const Bytes bytes = writer.file("a/f", "content")
                          .link("a/link", "f")
                          .link("up", "a/../a/f")
                          .hard_link("b/hard", "a/f")
                          .bytes();
  const auto files = archive_files(bytes);
  EXPECT_EQ(files->read_link("/a/link"), "f");
  EXPECT_EQ(files->read_link("/up"), "a/../a/f");
  EXPECT_EQ(files->read("/b/hard"), "content");
}

// ---- attacks ------------------------------------------------------------------------------------

TEST(ArchiveFiles, NamesThatLeadOut) {
  for (const char* path : {"../x", "a/../../x", "a/..", "..", "/etc/passwd", "//x", "a/../x"}) {
    Writer writer;
    EXPECT_THAT(refused(writer.file(path, "x").bytes()),
                testing::AnyOf(HasSubstr("leads out"), HasSubstr("absolute")))
        << path;
    Writer zip(archive_write_set_format_zip);
    refused(zip.file(path, "x").bytes());
  }
}

TEST(ArchiveFiles, LinksThatLeadOut) {
  for (const char* target : {"/etc/passwd", "../../x", "../a/../../x", "x/../../../y"}) {
    Writer writer;
    EXPECT_THAT(refused(writer.link("a/link", target).bytes()),
                HasSubstr("leads out of the archive"))
        << target;
  }
  Writer top;
  refused(top.link("link", "..").bytes());
  Writer inside;
  EXPECT_NE(archive_files(inside.link("a/b/link", "../../x").link("a/top", "..").bytes()), nullptr);
}

TEST(ArchiveFiles, WritingThroughALink) {
  Writer writer;
  EXPECT_THAT(refused(writer.directory("d").link("l", "d").file("l/f", "x").bytes()),
              HasSubstr("below a file"));
}

TEST(ArchiveFiles, Duplicates) {
  Writer writer;
  EXPECT_THAT(refused(writer.file("f", "1").file("./f", "2").bytes()), HasSubstr("twice"));
  Writer mixed;
  EXPECT_THAT(refused(mixed.file("f", "1").directory("f").bytes()), HasSubstr("twice"));
  Writer below;
  EXPECT_THAT(refused(below.file("f", "1").file("f/g", "2").bytes()), HasSubstr("below a file"));
  Writer late;
  EXPECT_THAT(refused(late.file("d/f", "1").file("d", "2").bytes()), HasSubstr("twice"));
  Writer directories;
  EXPECT_NE(archive_files(directories.directory("d").file("d/f", "").directory("d/").bytes()),
            nullptr);
}

TEST(ArchiveFiles, HardLinksToNothing) {
  for (const char* target : {"none", "../out", "/etc/passwd", "h"}) {
    Writer writer;
    refused(writer.hard_link("h", target).bytes());
  }
  Writer directory;
  EXPECT_THAT(refused(directory.directory("d").hard_link("h", "d").bytes()),
              HasSubstr("no file before it"));
}

TEST(ArchiveFiles, WhatIsNoFile) {
  for (const unsigned type : {AE_IFIFO, AE_IFCHR, AE_IFBLK}) {
    Writer writer;
    EXPECT_THAT(refused(writer.entry("special", type, "").bytes()), HasSubstr("neither file"));
  }
}

TEST(ArchiveFiles, Bombs) {
  const std::string zeros(4'000'000, '\0');
  Writer tar(archive_write_set_format_ustar, archive_write_add_filter_xz);
  const Bytes small = tar.file("zeros", zeros).bytes();
  EXPECT_LT(small.size(), 10'000u);
  EXPECT_THAT(refused(small, {.bytes_max = 1'000'000}), HasSubstr("bytes_max = 1000000"));
  EXPECT_EQ(archive_files(small)->status("/zeros")->bytes, zeros.size());

  Writer zip(archive_write_set_format_zip);
  const Bytes zipped = zip.file("1", zeros).file("2", zeros).file("3", zeros).bytes();
  EXPECT_THAT(refused(zipped, {.bytes_max = 10'000'000}), HasSubstr("bytes_max"));
  EXPECT_NE(archive_files(zipped, {.bytes_max = 13'000'000}), nullptr);

  // What is left out by `strip` is counted too.
  EXPECT_THAT(refused(small, {.bytes_max = 1'000'000, .strip = 5}), HasSubstr("bytes_max"));

  Writer many;
  for (int i = 0; i < 100; ++i) many.file(std::to_string(i), "");
  const Bytes entries = many.bytes();
  EXPECT_THAT(refused(entries, {.entries_max = 99}), HasSubstr("entries_max = 99"));
  EXPECT_THAT(refused(entries, {.bytes_max = 5000}), HasSubstr("bytes_max"));
  EXPECT_NE(archive_files(entries, {.entries_max = 100}), nullptr);

  // Directories that are in names only.
  std::string deep;
  for (int i = 0; i < 2000; ++i) deep += "d/";
  Writer nested;
  const Bytes directories = nested.file(deep + "f", "").bytes();
  EXPECT_THAT(refused(directories, {.entries_max = 1000}), HasSubstr("entries_max"));
  EXPECT_THAT(refused(directories, {.bytes_max = 100'000}), HasSubstr("bytes_max"));

  // Hard links multiply what is there.
  Writer links;
  links.file("f", std::string(100'000, 'x'));
  for (int i = 0; i < 50; ++i) links.hard_link("l" + std::to_string(i), "f");
  EXPECT_THAT(refused(links.bytes(), {.bytes_max = 1'000'000}), HasSubstr("bytes_max"));
}

TEST(ArchiveFiles, SizesThatAreLies) {
  Writer writer(archive_write_set_format_ustar);
  Bytes bytes = writer.file("f", "content").bytes();
  const std::string huge = "77777777777";  // octal: 8 GiB
  std::memcpy(bytes.data() + 124, huge.data(), huge.size());
  // The checksum of the header, anew.
  std::fill_n(bytes.begin() + 148, 8, std::byte{' '});
  unsigned sum = 0;
  for (int i = 0; i < 512; ++i)
    sum += std::to_integer<unsigned>(bytes[static_cast<std::size_t>(i)]);
  std::snprintf(reinterpret_cast<char*>(bytes.data()) + 148, 8, "%06o", sum);
  EXPECT_THAT(refused(bytes), HasSubstr("bytes_max"));
  EXPECT_THAT(refused(bytes, {.bytes_max = std::uint64_t{1} << 40}), HasSubstr("'/f'"));
}

TEST(ArchiveFiles, Encrypted) {
  for (const char* options : {"zip:encryption=aes256", "zip:encryption=zipcrypt"}) {
    Writer writer(archive_write_set_format_zip, archive_write_add_filter_none, options, "password");
    EXPECT_THAT(refused(writer.file("f", "content").bytes()), HasSubstr("encrypted"));
  }
}

TEST(ArchiveFiles, DamagedAtEveryPlace) {
  for (const bool is_zip : {false, true}) {
    Writer writer(is_zip ? archive_write_set_format_zip : archive_write_set_format_pax_restricted,
                  is_zip ? archive_write_add_filter_none : archive_write_add_filter_gzip);
    const Bytes whole = fill(writer).file("long", std::string(3000, 'x') + "y").bytes();
    // Cut off anywhere, or with any byte changed: an Error, or a tree.
    for (std::size_t n = 0; n < whole.size(); ++n) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
      const auto code = code_of([&] { archive_files(cut); });
      EXPECT_TRUE(!code || code == Errc::archive) << n;
      Bytes changed = whole;
      changed[n] ^= std::byte{0x41};
      const auto changed_code = code_of([&] { (void)tree_digest(*archive_files(changed)); });
      EXPECT_TRUE(!changed_code || changed_code == Errc::archive) << n;
    }
    if (!is_zip) {
      Bytes half(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2));
      refused(half);
    }
  }
}

TEST(ArchiveFiles, WhatIsNoArchive) {
  refused({});
  refused(bytes_of({0}));
  refused(Bytes(100'000, std::byte{1}));
  const std::string text = "#!/bin/sh\necho no archive\n";
  const auto bytes = std::as_bytes(std::span(text));
  refused({bytes.begin(), bytes.end()});
}

TEST(ArchiveFiles, LongNames) {
  Writer fine;
  const std::string name(255, 'n');
  EXPECT_EQ(archive_files(fine.file(name, "x").bytes())->read("/" + name), "x");
  Writer longer;
  EXPECT_THAT(refused(longer.file(name + "n", "x").bytes()), HasSubstr("too long"));
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "d/";
  Writer deeper;
  EXPECT_THAT(refused(deeper.file(deep + "f", "x").bytes()), HasSubstr("too long"));
}

TEST(ArchiveFiles, TheLocaleDoesNotMatter) {
  Writer writer(archive_write_set_format_pax);
  const Bytes bytes = writer.file("\xe2\x82\xac/\xf0\x9f\x98\x80", "x").file("\xff", "y").bytes();
  const auto files = archive_files(bytes);
  EXPECT_EQ(files->read("/\xe2\x82\xac/\xf0\x9f\x98\x80"), "x");
  EXPECT_EQ(files->read("/\xff"), "y");
}

}  // namespace
}  // namespace quiesce
