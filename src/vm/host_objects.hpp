// The C++ objects behind instances of bound classes, by the numbers that the guest knows them by.
//
// The guest is not believed: a number leads to an object only through this table, and only to one
// of the class that is asked for. Part of a Machine; the functions of bind.hpp end here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <typeindex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "quiesce/bind.hpp"

namespace quiesce::detail {

class HostObjects {
 public:
  explicit HostObjects(Machine& machine) : machine_(machine) {}
  HostObjects(const HostObjects&) = delete;
  HostObjects& operator=(const HostObjects&) = delete;

  /// Makes the class in the guest, or finds it there.
  Value host_class(const ClassParts& parts);
  /// Gives the instances of a sleeper their objects. What could not be attached, in words.
  std::vector<std::string> attach();
  /// Writes the key of each instance into the guest, for a snapshot.
  void record_keys();
  /// Lets go of the objects whose instances were collected. Their destructors run here.
  void release_dead() noexcept;
  void clear() noexcept;

  // ---- what bound functions ask ----
  std::shared_ptr<void> of_this(const Call& call, const ClassParts& parts);
  void construct(const ClassParts& parts, const std::function<std::shared_ptr<void>()>& make);
  void dispose(const Call& call, const ClassParts& parts);
  Value to_value(const ClassParts& parts, const std::shared_ptr<void>& object);
  Value to_known_value(const ClassParts& parts, const void* object);
  std::shared_ptr<void> from_value(const Value& value, const ClassParts& parts);

 private:
  struct Entry {
    const ClassParts* parts;
    std::shared_ptr<void> object;
    std::uint32_t row;  // where the guest keeps the number; it is not told what else
  };
  using Key = std::pair<const ClassParts*, const void*>;

  void bind_members(const ClassParts& parts, const Value& constructor);
  void insert(std::uint64_t number, Entry entry);
  std::shared_ptr<void> erase(std::uint64_t number);
  void make_room();
  const Entry* find(std::uint64_t number, const ClassParts& parts) const;

  Machine& machine_;
  std::set<const ClassParts*> half_made_;  // the guest may have the class without its members
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::map<Key, std::uint64_t> numbers_;
  std::map<const ClassParts*, std::uint32_t> class_indices_;
  bool is_releasing_ = false;
};

}  // namespace quiesce::detail
