// A snapshot as one image that memories can be views of: the base image with the stored pages in
// their places. Restoring from it costs what is touched, not what there is; and what is captured
// of such a memory later are the pages that it has changed since.
//
//   if (auto whole = try_whole_image(pages, identity)) LinearMemory memory(*whole->image,
//   bytes_max);
//
// An image takes a descriptor, of which a process has few. Thread safe.
#pragma once

#include <memory>
#include <vector>

#include "guest/memory_image.hpp"
#include "snapshot/identity.hpp"
#include "snapshot/image.hpp"

namespace quiesce::snapshot {

struct WholeImage {
  std::shared_ptr<const guest::MemoryImage> image;
  std::vector<StoredPage> table;  // which of its pages differ from the base image
};

/// Up to the last page that is not zero. Null: the system refuses it, or the images that there are
/// have an eighth of the descriptors that this process may have.
std::shared_ptr<const WholeImage> try_whole_image(const Pages& pages, const Identity& identity);

}  // namespace quiesce::snapshot
