// Snapshots.
#include <algorithm>
#include <filesystem>

#include "c/parts.hpp"

using namespace quiesce;

namespace {

std::filesystem::path path_of(const char* path, std::size_t length) {
  const std::string_view text = c::text_of(path, length, "path");
  if (text.empty()) throw Error(Errc::invalid_argument, "path is empty");
  if (text.find('\0') != std::string_view::npos)
    throw Error(Errc::invalid_argument, "path has a NUL in it");
  return {std::string(text)};
}

void hand_out(quiesce_snapshot** out, Snapshot snapshot) {
  c::hand_out(out, std::make_shared<c::SnapshotObject>(c::SnapshotObject{std::move(snapshot)}));
}

template <class Read>
quiesce_status read_text(const quiesce_snapshot* snapshot, quiesce_buffer** text, Read&& read) {
  return c::guarded([&](c::Entry&) {
    c::result(text, "the buffer") = nullptr;
    const auto object = c::need<c::SnapshotObject>(snapshot, "the snapshot");
    c::hand_out_buffer(text, read(object->snapshot));
  });
}

std::vector<SealKey> keys_of(const char* const* texts, std::size_t count) {
  if (count == 0) throw Error(Errc::invalid_argument, "keys: there is none");
  if (texts == nullptr) c::throw_null("keys");
  std::vector<SealKey> keys;
  for (std::size_t i = 0; i < count; ++i) {
    if (texts[i] == nullptr) c::throw_null("a key");
    keys.push_back(SealKey::from_text(texts[i]));
  }
  return keys;
}

std::optional<SealKey> first_that(const std::vector<SealKey>& keys,
                                  bool (SealKey::*can)() const noexcept) {
  const auto key = std::ranges::find_if(keys, can);
  return key == keys.end() ? std::nullopt : std::optional(*key);
}

std::string text_of_bytes(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

extern "C" {

quiesce_status quiesce_vm_snapshot(quiesce_vm* vm, quiesce_snapshot** snapshot) {
  return c::guarded([&](c::Entry& entry) {
    c::result(snapshot, "snapshot") = nullptr;
    hand_out(snapshot, entry.vm(vm).snapshot());
  });
}

quiesce_status quiesce_vm_start_image(quiesce_vm* vm, quiesce_snapshot** image) {
  return c::guarded([&](c::Entry& entry) {
    c::result(image, "image") = nullptr;
    hand_out(image, StartImage::of(entry.vm(vm)).snapshot());
  });
}

quiesce_status quiesce_snapshot_is_image(const quiesce_snapshot* snapshot, int* is_image) {
  return c::guarded([&](c::Entry&) {
    c::result(is_image, "is_image") = 0;
    const auto object = c::need<c::SnapshotObject>(snapshot, "the snapshot");
    *is_image = StartImage::is_one(object->snapshot) ? 1 : 0;
  });
}

quiesce_status quiesce_vm_draws(quiesce_vm* vm, quiesce_buffer** text) {
  return c::guarded([&](c::Entry& entry) {
    c::result(text, "the buffer") = nullptr;
    c::hand_out_buffer(text, entry.vm(vm).draws().describe());
  });
}

quiesce_status quiesce_snapshot_load(const char* path, size_t path_length,
                                     uint64_t memory_bytes_max, quiesce_snapshot** snapshot) {
  return c::guarded([&](c::Entry&) {
    c::result(snapshot, "snapshot") = nullptr;
    hand_out(snapshot,
             Snapshot::load(path_of(path, path_length), {.memory_bytes_max = memory_bytes_max}));
  });
}

quiesce_status quiesce_snapshot_from_bytes(const void* bytes, size_t count,
                                           uint64_t memory_bytes_max, quiesce_snapshot** snapshot) {
  return c::guarded([&](c::Entry&) {
    c::result(snapshot, "snapshot") = nullptr;
    hand_out(snapshot, Snapshot::from_bytes(c::bytes_of(bytes, count, "bytes"),
                                            {.memory_bytes_max = memory_bytes_max}));
  });
}

quiesce_status quiesce_snapshot_from_delta(const void* bytes, size_t count,
                                           uint64_t memory_bytes_max,
                                           const quiesce_snapshot* ancestor,
                                           quiesce_snapshot** snapshot) {
  return c::guarded([&](c::Entry&) {
    c::result(snapshot, "snapshot") = nullptr;
    const auto known = c::need<c::SnapshotObject>(ancestor, "the ancestor");
    const LoadOptions options{
        .memory_bytes_max = memory_bytes_max,
        .find_ancestor = [&](const std::string&) { return std::optional(known->snapshot); }};
    hand_out(snapshot, Snapshot::from_bytes(c::bytes_of(bytes, count, "bytes"), options));
  });
}

quiesce_status quiesce_snapshot_relative_to(const quiesce_snapshot* later,
                                            const quiesce_snapshot* earlier,
                                            quiesce_snapshot** snapshot) {
  return c::guarded([&](c::Entry&) {
    c::result(snapshot, "snapshot") = nullptr;
    const auto changed = c::need<c::SnapshotObject>(later, "the later snapshot");
    const auto known = c::need<c::SnapshotObject>(earlier, "the earlier snapshot");
    hand_out(snapshot, changed->snapshot.relative_to(known->snapshot));
  });
}

quiesce_status quiesce_snapshot_save(const quiesce_snapshot* snapshot, const char* path,
                                     size_t path_length) {
  return c::guarded([&](c::Entry&) {
    const auto object = c::need<c::SnapshotObject>(snapshot, "the snapshot");
    object->snapshot.save(path_of(path, path_length));
  });
}

quiesce_status quiesce_snapshot_to_bytes(const quiesce_snapshot* snapshot, quiesce_buffer** bytes) {
  return read_text(snapshot, bytes,
                   [](const Snapshot& inner) { return text_of_bytes(inner.to_bytes()); });
}

quiesce_status quiesce_snapshot_seal(const quiesce_snapshot* snapshot, const char* const* keys,
                                     size_t key_count, quiesce_buffer** bytes) {
  return read_text(snapshot, bytes, [&](const Snapshot& inner) {
    const std::vector<SealKey> all = keys_of(keys, key_count);
    const Seal seal{.sign_with = first_that(all, &SealKey::can_sign),
                    .encrypt_with = first_that(all, &SealKey::can_encrypt)};
    if (!seal.sign_with && !seal.encrypt_with)
      throw Error(Errc::invalid_argument, "keys: none of them signs or encrypts");
    return text_of_bytes(inner.to_bytes(seal));
  });
}

quiesce_status quiesce_snapshot_from_sealed(const void* bytes, size_t count,
                                            uint64_t memory_bytes_max, const char* const* keys,
                                            size_t key_count, const quiesce_snapshot* ancestor,
                                            quiesce_snapshot** snapshot) {
  return c::guarded([&](c::Entry&) {
    c::result(snapshot, "snapshot") = nullptr;
    LoadOptions options{.memory_bytes_max = memory_bytes_max,
                        .trust = {.keys = keys_of(keys, key_count)}};
    if (ancestor != nullptr) {
      const auto known = c::need<c::SnapshotObject>(ancestor, "the ancestor");
      options.find_ancestor = [known](const std::string&) {
        return std::optional(known->snapshot);
      };
    }
    hand_out(snapshot, Snapshot::from_bytes(c::bytes_of(bytes, count, "bytes"), options));
  });
}

quiesce_status quiesce_snapshot_engine(const quiesce_snapshot* snapshot, quiesce_buffer** text) {
  return read_text(snapshot, text, [](const Snapshot& inner) { return inner.engine(); });
}

quiesce_status quiesce_snapshot_digest(const quiesce_snapshot* snapshot, quiesce_buffer** text) {
  return read_text(snapshot, text, [](const Snapshot& inner) { return inner.digest(); });
}

quiesce_status quiesce_snapshot_content_digest(const quiesce_snapshot* snapshot,
                                               quiesce_buffer** text) {
  return read_text(snapshot, text, [](const Snapshot& inner) { return inner.content_digest(); });
}

quiesce_status quiesce_snapshot_memory_bytes(const quiesce_snapshot* snapshot, uint64_t* bytes) {
  return c::guarded([&](c::Entry&) {
    c::result(bytes, "bytes") = 0;
    *bytes = c::need<c::SnapshotObject>(snapshot, "the snapshot")->snapshot.memory_bytes();
  });
}

quiesce_status quiesce_snapshot_limits(const quiesce_snapshot* snapshot, quiesce_limits* limits) {
  return c::guarded([&](c::Entry&) {
    const auto object = c::need<c::SnapshotObject>(snapshot, "the snapshot");
    c::write_struct(limits, c::c_limits(object->snapshot.limits()), "quiesce_limits");
  });
}

quiesce_status quiesce_snapshot_free(quiesce_snapshot* snapshot) {
  return c::free_handle<c::SnapshotObject>(snapshot, "the snapshot");
}

}  // extern "C"
