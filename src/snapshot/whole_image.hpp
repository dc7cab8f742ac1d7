// A snapshot as one image that memories can be views of: the base image with the stored pages in
// their places. Restoring from it costs what is touched, not what there is.
//
//   if (auto whole = try_whole_image(pages, identity)) LinearMemory memory(*whole, bytes_max);
//
// An image takes a descriptor, of which a process has few. Thread safe.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "guest/memory_image.hpp"
#include "snapshot/identity.hpp"
#include "snapshot/image.hpp"

namespace quiesce::snapshot {

/// Up to the last page that is not zero. Null: the system refuses it, or the images that there are
/// have an eighth of the descriptors that this process may have.
std::shared_ptr<const guest::MemoryImage> try_whole_image(const Pages& pages,
                                                          const Identity& identity);

/// The pages that the image was made from.
Pages pages_of(const guest::MemoryImage& image, std::vector<StoredPage> table);

}  // namespace quiesce::snapshot
