// Snapshots.
#include <algorithm>
#include <filesystem>

#include "c/parts.hpp"

using namespace quiesce;

namespace {

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

/// Holds on to what the options point to.
class Loading {
 public:
  explicit Loading(const quiesce_load_options* options) {
    quiesce_load_options given;
    quiesce_load_options_init(&given);
    given = c::read_struct(options, given, "quiesce_load_options");
    inner_.memory_bytes_max = given.memory_bytes_max;
    if (given.ancestors_folder != nullptr) {
      inner_.ancestors_folder =
          c::path_of(given.ancestors_folder, given.ancestors_folder_length, "ancestors_folder");
    }
    if (given.ancestor != nullptr) {
      const auto known = c::need<c::SnapshotObject>(given.ancestor, "the ancestor");
      inner_.find_ancestor = [known](const std::string& digest) {
        return known->snapshot.digest() == digest ? std::optional(known->snapshot) : std::nullopt;
      };
    }
    if (given.engines != nullptr) {
      engines_ = c::need<c::EnginesObject>(given.engines, "the engines");
      inner_.engines = &engines_->engines;
    }
    if (given.key_count > 0) inner_.trust.keys = keys_of(given.keys, given.key_count);
  }

  const LoadOptions& options() const noexcept { return inner_; }

 private:
  std::shared_ptr<const c::EnginesObject> engines_;
  LoadOptions inner_;
};

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
    hand_out(snapshot, Snapshot::load(c::path_of(path, path_length, "path"),
                                      {.memory_bytes_max = memory_bytes_max}));
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

void quiesce_load_options_init(quiesce_load_options* options) {
  if (options == nullptr) return;
  *options = {};
  options->struct_size = sizeof(*options);
  options->memory_bytes_max = LoadOptions().memory_bytes_max;
}

quiesce_status quiesce_snapshot_load_with(const char* path, size_t path_length,
                                          const quiesce_load_options* options,
                                          quiesce_snapshot** snapshot) {
  return c::guarded([&](c::Entry&) {
    c::result(snapshot, "snapshot") = nullptr;
    const Loading loading(options);
    hand_out(snapshot, Snapshot::load(c::path_of(path, path_length, "path"), loading.options()));
  });
}

quiesce_status quiesce_snapshot_from_bytes_with(const void* bytes, size_t count,
                                                const quiesce_load_options* options,
                                                quiesce_snapshot** snapshot) {
  return c::guarded([&](c::Entry&) {
    c::result(snapshot, "snapshot") = nullptr;
    const Loading loading(options);
    hand_out(snapshot, Snapshot::from_bytes(c::bytes_of(bytes, count, "bytes"), loading.options()));
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

quiesce_status quiesce_snapshot_whole(const quiesce_snapshot* snapshot, quiesce_snapshot** whole) {
  return c::guarded([&](c::Entry&) {
    c::result(whole, "whole") = nullptr;
    hand_out(whole, c::need<c::SnapshotObject>(snapshot, "the snapshot")->snapshot.whole());
  });
}

quiesce_status quiesce_snapshot_save(const quiesce_snapshot* snapshot, const char* path,
                                     size_t path_length) {
  return c::guarded([&](c::Entry&) {
    const auto object = c::need<c::SnapshotObject>(snapshot, "the snapshot");
    object->snapshot.save(c::path_of(path, path_length, "path"));
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
