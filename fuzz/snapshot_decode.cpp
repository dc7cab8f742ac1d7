// Whatever the bytes are: decode refuses them with Errc::snapshot or gives an image that can be
// woken, put to sleep again and encoded again, each time the same.
//
// The digest would keep nearly every mutation away from the checks behind it. So the first byte
// chooses how the others are used; the input as it stands is always tried as well.
#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "quiesce/error.hpp"
#include "snapshot/format.hpp"
#include "snapshot/samples.hpp"

namespace {

using namespace quiesce;
using namespace quiesce::snapshot;
using Bytes = std::vector<std::byte>;

constexpr std::size_t kCompressedBytesAt = 64;
constexpr std::uint64_t kMemoryBytesHere = 4u << 20;  // keeps each run short

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "finding: %s\n", what);
  std::abort();
}

void check(std::span<const std::byte> file) {
  static const Identity identity = samples::identity();
  Image image;
  try {
    image = decode(file, identity, {.memory_bytes_max = kMemoryBytesHere});
  } catch (const Error& error) {
    require(error.code() == Errc::snapshot, "a refusal that is not Errc::snapshot");
    require(std::strchr(error.what(), '\n') == nullptr, "a refusal of more than one line");
    return;
  }
  require(image.memory_bytes <= kMemoryBytesHere, "more memory than allowed");
  Bytes memory = samples::base();
  memory.resize(image.memory_bytes);
  snapshot::apply(image.pages, memory);
  const Pages again = capture(memory, samples::base(), {});
  require(again.table == image.pages.table, "asleep again, it has other pages");
  require(std::ranges::equal(again.contents, image.pages.contents), "asleep again, other contents");
  const Bytes encoded = encode(image, samples::base());
  const Image twice = decode(encoded, identity);
  require(twice.pages.table == image.pages.table, "encoded again, it has other pages");
  require(content_digest(twice, samples::base()) == content_digest(image, samples::base()),
          "encoded again, it says something else");
}

void fix_digest(Bytes& file) {
  if (file.size() < kDigestBytes) return;
  const base::Digest digest = base::sha256(std::span(file).first(file.size() - kDigestBytes));
  std::ranges::copy(digest, file.end() - kDigestBytes);
}

/// Three bytes each: where, and what shall stand there.
void edit(Bytes& bytes, std::span<const std::byte> edits) {
  for (; edits.size() >= 3; edits = edits.subspan(3)) {
    const auto at = base::load_little_endian<std::uint16_t>(edits.first<2>());
    if (!bytes.empty()) bytes[at % bytes.size()] = edits[2];
  }
}

const Bytes& sample_file() {
  static const Bytes file = encode(samples::image(), samples::base());
  return file;
}

Bytes sample_payload() {
  const auto frame = std::span(sample_file()).subspan(kHeaderBytes);
  Bytes payload(ZSTD_getFrameContentSize(frame.data(), frame.size()));
  ZSTD_decompress(payload.data(), payload.size(), frame.data(), frame.size() - kDigestBytes);
  return payload;
}

/// The sample edited where it is not compressed: header, table of pages, contents.
Bytes edited_before_compression(std::span<const std::byte> edits) {
  static const Bytes sample = sample_payload();
  Bytes plain(sample_file().begin(), sample_file().begin() + kHeaderBytes);
  plain.insert(plain.end(), sample.begin(), sample.end());
  edit(plain, edits);
  const auto payload = std::span(plain).subspan(kHeaderBytes);
  Bytes frame(ZSTD_compressBound(payload.size()));
  frame.resize(ZSTD_compress(frame.data(), frame.size(), payload.data(), payload.size(), 1));
  Bytes file(plain.begin(), plain.begin() + kHeaderBytes);
  base::store_little_endian<std::uint64_t>(std::span(file).subspan(kCompressedBytesAt).first<8>(),
                                           frame.size());
  file.insert(file.end(), frame.begin(), frame.end());
  file.resize(file.size() + kDigestBytes);
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span input = std::as_bytes(std::span(data, size));
  check(input);
  if (input.empty()) return 0;
  const auto rest = input.subspan(1);
  Bytes file;
  switch (std::to_integer<unsigned>(input[0]) % 3) {
    case 0:  // a file
      file.assign(rest.begin(), rest.end());
      break;
    case 1:  // edits of a right one
      file = sample_file();
      edit(file, rest);
      break;
    default: file = edited_before_compression(rest);
  }
  fix_digest(file);
  check(file);
  return 0;
}
