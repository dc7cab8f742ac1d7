// Whatever the bytes are: decode refuses them with Errc::snapshot or gives an image that can be
// woken, put to sleep again and encoded again in either form, each time the same.
//
// The digest would keep nearly every mutation away from the checks behind it. So the first byte
// chooses how the others are used; the input as it stands is always tried as well.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "quiesce/error.hpp"
#include "snapshot/parts.hpp"
#include "snapshot/samples.hpp"
#include "snapshot_edits.hpp"

namespace {

using namespace quiesce;
using namespace quiesce::snapshot;
using namespace quiesce::snapshot::fuzz;

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
  const Layers layers = with_pages({}, std::move(image.pages), identity);
  const Image third =
      decode(encode(image, changes_since_nothing(layers, identity), &kNothing), identity);
  require(third.pages.table == twice.pages.table, "encoded as a whole, it has other pages");
  require(content_digest(third, samples::base()) == content_digest(twice, samples::base()),
          "encoded as a whole, it says something else");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Bytes sample = encode(samples::image(), samples::base());
  static const Bytes whole_sample =
      whole(take(samples::sparse_memory(), samples::limits(), samples::identity()))->file();
  const std::span input = std::as_bytes(std::span(data, size));
  check(input);
  if (input.empty()) return 0;
  check(file_from(input, sample, kHeaderBytes));
  check(file_from(input, whole_sample, kDeltaHeaderBytes));
  return 0;
}
