#include "snapshot/layers.hpp"

#include <algorithm>
#include <cstring>

namespace quiesce::snapshot {
namespace {

using Page = std::span<const std::byte, kPageBytes>;
using PageRefs = std::vector<PageRef>;  // indices strictly ascending

bool equal(Page a, Page b) noexcept {
  return a.data() == b.data() || std::memcmp(a.data(), b.data(), kPageBytes) == 0;
}

Page page_of(const PageRef& ref) noexcept {
  return ref.contents ? Page(ref.contents, kPageBytes) : zero_page();
}

Page page_of(const WholeImage& whole, std::uint32_t index) noexcept {
  const std::uint64_t offset = std::uint64_t{index} * kPageBytes;
  if (offset >= whole.image->size()) return zero_page();
  return whole.image->bytes().subspan(offset).first<kPageBytes>();
}

PageRefs refs_of(const Pages& pages) {
  PageRefs refs;
  refs.reserve(pages.table.size());
  const std::byte* contents = pages.contents.data();
  for (const StoredPage& page : pages.table) {
    const bool has_contents = page.kind == PageKind::data;
    refs.push_back({page.index, has_contents ? contents : nullptr});
    if (has_contents) contents += kPageBytes;
  }
  return refs;
}

/// Without the dead stack, which is no part of what a memory holds, though somebody else's file may
/// have some.
PageRefs refs_of(const WholeImage& whole, DeadRange dead) {
  PageRefs refs;
  refs.reserve(whole.table.size());
  for (const StoredPage& page : whole.table) {
    if (is_dead(page.index, dead)) continue;
    const bool has_contents = page.kind == PageKind::data;
    refs.push_back({page.index, has_contents ? page_of(whole, page.index).data() : nullptr});
  }
  return refs;
}

PageRefs overlaid(const PageRefs& under, const PageRefs& over) {
  PageRefs refs;
  refs.reserve(under.size() + over.size());
  // Of two with one index, set_union takes the first range's.
  std::ranges::set_union(over, under, std::back_inserter(refs), {}, &PageRef::index,
                         &PageRef::index);
  return refs;
}

using Over = std::span<const std::shared_ptr<const Pages>>;

PageRefs refs_of(Over layers) {
  PageRefs refs;
  for (const auto& pages : layers) refs = overlaid(refs, refs_of(*pages));
  return refs;
}

/// Every page that layers have over the base image.
PageRefs all_refs(const Layers& layers, DeadRange dead) {
  const PageRefs over = refs_of(Over(layers.over));
  return layers.whole ? overlaid(refs_of(*layers.whole, dead), over) : over;
}

/// The pages of the base image that are not zero. Its dead stack is, and need not be read for that.
PageRefs refs_of_base(const Identity& identity) {
  PageRefs refs;
  const auto page_count = static_cast<std::uint32_t>(identity.base.size() / kPageBytes);
  for (std::uint32_t index = 0; index < page_count; ++index) {
    if (is_dead(index, identity.dead)) continue;
    const Page page = ancestor_of(identity.base, index);
    if (!is_zero(page)) refs.push_back({index, page.data()});
  }
  return refs;
}

/// Copies those that differ from what `ground` has in their place.
template <class Ground>
Pages gather(const PageRefs& refs, Ground ground) {
  Pages pages;
  std::vector<const std::byte*> contents;
  for (const PageRef& ref : refs) {
    const Page page = page_of(ref);
    if (equal(page, ground(ref.index))) continue;
    const PageKind kind = is_zero(page) ? PageKind::zero : PageKind::data;
    pages.table.push_back({ref.index, kind});
    if (kind == PageKind::data) contents.push_back(ref.contents);
  }
  pages.storage = base::make_buffer(contents.size() * kPageBytes);
  pages.contents = {pages.storage.get(), contents.size() * kPageBytes};
  std::byte* end = pages.storage.get();
  for (const std::byte* const page : contents) {
    std::memcpy(end, page, kPageBytes);
    end += kPageBytes;
  }
  return pages;
}

/// The changes where pages of `from` or `to` are; `ground` has what neither of them has.
template <class Ground>
std::vector<PageVersions> compare(const PageRefs& from, const PageRefs& to, Ground ground) {
  std::vector<PageVersions> changes;
  auto before = from.begin(), after = to.begin();
  while (before != from.end() || after != to.end()) {
    const bool was_written =
        before != from.end() && (after == to.end() || before->index <= after->index);
    const std::uint32_t index = was_written ? before->index : after->index;
    const bool is_written = after != to.end() && after->index == index;
    const PageVersions change{index, was_written ? page_of(*before++) : ground(index),
                              is_written ? page_of(*after++) : ground(index)};
    if (!equal(change.before, change.after)) changes.push_back(change);
  }
  return changes;
}

}  // namespace

std::size_t Layers::page_count() const noexcept {
  std::size_t count = 0;
  for (const auto& pages : over) count += pages->table.size();
  return count;
}

std::size_t Layers::contents_bytes() const noexcept {
  std::size_t bytes = 0;
  for (const auto& pages : over) bytes += pages->contents.size();
  return bytes;
}

WeakLayers::WeakLayers(const Layers& layers)
    : is_set_(true), whole_(layers.whole), over_(layers.over.begin(), layers.over.end()) {}

std::optional<Layers> WeakLayers::lock() const {
  if (!is_set_) return std::nullopt;
  Layers layers{whole_, {}};
  for (const auto& pages : over_) {
    layers.over.push_back(pages.lock());
    if (!layers.over.back()) return std::nullopt;
  }
  return layers;
}

PageReader::PageReader(const Layers& layers, std::span<const std::byte> base)
    : whole_(layers.whole.get()), base_(base) {
  over_.reserve(layers.over.size());
  for (auto it = layers.over.rbegin(); it != layers.over.rend(); ++it)
    over_.push_back(refs_of(**it));
}

Page PageReader::at(std::uint32_t index) const noexcept {
  for (const PageRefs& refs : over_) {
    const auto found = std::ranges::lower_bound(refs, index, {}, &PageRef::index);
    if (found != refs.end() && found->index == index) return page_of(*found);
  }
  return whole_ ? page_of(*whole_, index) : ancestor_of(base_, index);
}

std::shared_ptr<const Pages> all_pages(const Layers& layers, const Identity& identity) {
  if (!layers.whole && layers.over.size() == 1) return layers.over.front();
  return std::make_shared<const Pages>(
      gather(all_refs(layers, identity.dead),
             [&](std::uint32_t index) { return ancestor_of(identity.base, index); }));
}

std::vector<PageVersions> changes_since_base(const Pages& pages, std::span<const std::byte> base) {
  return compare({}, refs_of(pages), [&](std::uint32_t index) { return ancestor_of(base, index); });
}

std::vector<PageVersions> changes_between(const Layers& from, const Layers& to,
                                          const Identity& identity) {
  if (from.whole == to.whole) {
    const auto [end, other] = std::ranges::mismatch(from.over, to.over);
    const PageReader shared({from.whole, {from.over.begin(), end}}, identity.base);
    return compare(refs_of(Over(end, from.over.end())), refs_of(Over(other, to.over.end())),
                   [&](std::uint32_t index) { return shared.at(index); });
  }
  return compare(all_refs(from, identity.dead), all_refs(to, identity.dead),
                 [&](std::uint32_t index) { return ancestor_of(identity.base, index); });
}

std::vector<PageVersions> changes_since_nothing(const Layers& layers, const Identity& identity) {
  return compare({}, overlaid(refs_of_base(identity), all_refs(layers, identity.dead)),
                 [](std::uint32_t) { return zero_page(); });
}

Pages since_base(const Pages& pages, const Identity& identity) {
  PageRefs cleared = refs_of_base(identity);
  for (PageRef& ref : cleared) ref.contents = nullptr;
  return gather(overlaid(cleared, refs_of(pages)),
                [&](std::uint32_t index) { return ancestor_of(identity.base, index); });
}

Layers with_pages(Layers layers, Pages pages, const Identity& identity) {
  // Made one with those below that are not much larger: so there are as many as a logarithm says,
  // and no page is copied more often than that.
  while (!layers.over.empty() && layers.over.back()->table.size() <= 2 * pages.table.size()) {
    const auto below = std::move(layers.over.back());
    layers.over.pop_back();
    const PageReader ground(layers, identity.base);
    pages = gather(overlaid(refs_of(*below), refs_of(pages)),
                   [&](std::uint32_t index) { return ground.at(index); });
  }
  if (!pages.table.empty()) layers.over.push_back(std::make_shared<const Pages>(std::move(pages)));
  return layers;
}

}  // namespace quiesce::snapshot
