#include "snapshot/parts.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "snapshot/refusal.hpp"

namespace quiesce {

namespace detail {

SnapshotParts::SnapshotParts(const snapshot::Facts& facts, snapshot::Layers layers,
                             const snapshot::Identity& identity, SnapshotForm form)
    : facts_(facts), form_(form), identity_(identity), layers_(std::move(layers)) {}

SnapshotParts::SnapshotParts(const snapshot::Facts& facts, snapshot::Layers layers,
                             const snapshot::Identity& identity, std::vector<std::byte> file,
                             Lineage lineage)
    : SnapshotParts(facts, std::move(layers), identity, snapshot::form_of(file)) {
  lineage_ = std::move(lineage);
  std::call_once(file_made_, [&] { file_ = std::move(file); });
}

snapshot::Layers SnapshotParts::layers() const {
  const std::lock_guard lock(mutex_);
  const std::size_t page_count = layers_.page_count();
  pages_copied_ += page_count;
  const std::size_t cost = layers_.whole ? layers_.whole->table.size() : page_count;
  if (pages_copied_ < std::max(snapshot::kPagesCopiedMin + 1, cost)) return layers_;
  const auto all = snapshot::all_pages(layers_, identity_);
  if (auto whole = snapshot::try_whole_image(*all, identity_)) {
    layers_ = {std::move(whole), {}};
    pages_copied_ = 0;
  }
  return layers_;
}

snapshot::Layers SnapshotParts::current_layers() const {
  const std::lock_guard lock(mutex_);
  return layers_;
}

std::vector<snapshot::PageVersions> SnapshotParts::changes_since_base(
    const snapshot::Layers& layers) const {
  return snapshot::changes_between({}, layers, identity_);
}

const std::vector<std::byte>& SnapshotParts::file() const {
  std::call_once(file_made_, [this] {
    const snapshot::Layers layers = current_layers();
    file_ = form_ == SnapshotForm::whole
                ? snapshot::encode(facts_, snapshot::changes_since_nothing(layers, identity_),
                                   &snapshot::kNothing)
                : snapshot::encode(facts_, changes_since_base(layers));
  });
  return file_;
}

const base::Digest& SnapshotParts::file_digest() const {
  std::call_once(file_digest_made_, [this] { file_digest_ = base::sha256(file()); });
  return file_digest_;
}

const base::Digest& SnapshotParts::content_digest() const {
  std::call_once(content_digest_made_, [this] {
    const snapshot::Layers layers = current_layers();
    content_digest_ = snapshot::content_digest(facts_, changes_since_base(layers));
  });
  return content_digest_;
}

}  // namespace detail

namespace snapshot {

namespace {

/// Of an image that is mostly changed, more would be held than there is.
Layers without_little_used_image(Layers layers, const Identity& identity) {
  if (!layers.whole || layers.contents_bytes() <= layers.whole->image->size() / 2) return layers;
  return {nullptr, {all_pages(layers, identity)}};
}

detail::Lineage descent_from(const std::shared_ptr<const detail::SnapshotParts>& ancestor) {
  const detail::Lineage& before = ancestor->lineage();
  detail::Lineage lineage{{ancestor->file_digest()}, before.root ? before.root : ancestor};
  lineage.ancestors.insert(lineage.ancestors.end(), before.ancestors.begin(),
                           before.ancestors.end());
  return lineage;
}

}  // namespace

Pages changes_of(std::span<const std::byte> memory, const Identity& identity, const Past& past) {
  const PageReader before(past.before, identity.base);
  const guest::PageRange all[] = {{0, static_cast<std::uint32_t>(memory.size() / kPageBytes)}};
  return capture(
      memory, [&](std::uint32_t index) { return before.at(index); }, identity.dead,
      past.written ? std::span<const guest::PageRange>(*past.written) : all);
}

std::shared_ptr<const detail::SnapshotParts> take(std::uint64_t memory_bytes, const Limits& limits,
                                                  const Identity& identity, Layers before,
                                                  Pages changes) {
  require_storable(limits);
  const Facts facts{identity.engine, identity.base_digest, memory_bytes, limits};
  Layers layers = with_pages(std::move(before), std::move(changes), identity);
  return std::make_shared<const detail::SnapshotParts>(
      facts, without_little_used_image(std::move(layers), identity), identity);
}

std::shared_ptr<const detail::SnapshotParts> take(std::span<const std::byte> memory,
                                                  const Limits& limits, const Identity& identity,
                                                  const Past& past) {
  return take(memory.size(), limits, identity, past.before, changes_of(memory, identity, past));
}

std::shared_ptr<const detail::SnapshotParts> parts_from(std::vector<std::byte> file,
                                                        const Identity& identity, std::string name,
                                                        std::uint64_t memory_bytes_max,
                                                        const FindParts& find,
                                                        std::string about_engines) {
  DecodeOptions options{std::move(name), memory_bytes_max};
  if (!about_engines.empty()) options.about_engines = std::move(about_engines);
  std::shared_ptr<const detail::SnapshotParts> ancestor;
  Layers layers;
  if (find) {
    options.find_ancestor = [&](const AncestorName& wanted) -> Ancestor {
      ancestor = find(wanted);
      if (ancestor->lineage().ancestors.size() >= kAncestorsMax) {
        Refusal(options.name)
            .because("it needs more than " + std::to_string(kAncestorsMax) +
                     " other snapshots, which no Quiesce writes");
      }
      if (ancestor->facts().engine != identity.engine) {
        Refusal(options.name)
            .because("it is relative to a snapshot of another engine, " +
                     base::to_hex(ancestor->facts().engine) + ", which no Quiesce writes");
      }
      layers = ancestor->layers();
      return {layers, ancestor->facts().memory_bytes};
    };
  }
  Image image = decode(file, identity, options);
  layers = without_little_used_image(
      with_pages(std::move(layers), std::move(image.pages), identity), identity);
  return std::make_shared<const detail::SnapshotParts>(
      image, std::move(layers), identity, std::move(file),
      ancestor ? descent_from(ancestor) : detail::Lineage{});
}

std::shared_ptr<const detail::SnapshotParts> relative_to(
    const std::shared_ptr<const detail::SnapshotParts>& later,
    const std::shared_ptr<const detail::SnapshotParts>& earlier) {
  const bool is_long = earlier->lineage().ancestors.size() >= kAncestorsMax;
  const auto& ancestor = is_long ? earlier->lineage().root : earlier;
  // A memory never becomes smaller, nor of another engine, so these are not two states of one VM,
  // and have little in common.
  if (later->facts().memory_bytes < ancestor->facts().memory_bytes ||
      later->facts().engine != ancestor->facts().engine) {
    return standing_alone(later);
  }
  const Identity& identity = later->identity();
  const Layers from = ancestor->current_layers(), to = later->current_layers();
  const AncestorName name{ancestor->file().size(), ancestor->file_digest()};
  return std::make_shared<const detail::SnapshotParts>(
      later->facts(), to, identity,
      encode(later->facts(), changes_between(from, to, identity), &name), descent_from(ancestor));
}

std::shared_ptr<const detail::SnapshotParts> whole(
    const std::shared_ptr<const detail::SnapshotParts>& parts) {
  if (parts->form() == SnapshotForm::whole) return parts;
  return std::make_shared<const detail::SnapshotParts>(parts->facts(), parts->current_layers(),
                                                       parts->identity(), SnapshotForm::whole);
}

std::shared_ptr<const detail::SnapshotParts> standing_alone(
    const std::shared_ptr<const detail::SnapshotParts>& parts) {
  if (parts->form() == SnapshotForm::base) return parts;
  return std::make_shared<const detail::SnapshotParts>(parts->facts(), parts->current_layers(),
                                                       parts->identity());
}

}  // namespace snapshot
}  // namespace quiesce
