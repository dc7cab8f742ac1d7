// A hash table of nodes that link to each other: the nodes are somebody else's and never move. All
// zero is the empty table. Its memory is the engine's own, so that the memory limit counts it.
#pragma once

#include <stdint.h>
#include <string.h>

#include "quickjs.h"

template <class T, T* T::* kNext>
struct Chains {
  T** buckets;
  uint32_t bucket_count;  // a power of two, or 0
  uint32_t count;         // of nodes

  /// The first of those that may have this hash; `kNext` leads to the others.
  T* first(uint32_t hash) const { return bucket_count ? *bucket(hash) : nullptr; }

  /// To be called before `put`. Without memory for more buckets the chains grow longer, that is
  /// all. False: there is no memory for the first ones, and no error is pending. `hash_of(node)` is
  /// what the node was put under.
  template <class F>
  bool reserve(JSRuntime* rt, F&& hash_of) {
    constexpr uint32_t kBucketsMin = 32;
    if (count < bucket_count) return true;
    const uint32_t wanted = bucket_count ? bucket_count * 2 : kBucketsMin;
    auto* made = static_cast<T**>(js_malloc_rt(rt, wanted * sizeof(T*)));
    if (!made) return bucket_count > 0;
    memset(made, 0, wanted * sizeof(T*));
    const Chains old = *this;
    *this = {made, wanted, 0};
    for (uint32_t i = 0; i < old.bucket_count; ++i) {
      for (T *node = old.buckets[i], *next; node; node = next) {
        next = node->*kNext;
        put(node, hash_of(*node));
      }
    }
    js_free_rt(rt, old.buckets);
    return true;
  }

  void put(T* node, uint32_t hash) {
    node->*kNext = *bucket(hash);
    *bucket(hash) = node;
    ++count;
  }

  /// Precondition: it was put under this hash.
  void take_out(T* node, uint32_t hash) {
    T** link = bucket(hash);
    while (*link != node) link = &((*link)->*kNext);
    *link = node->*kNext;
    node->*kNext = nullptr;
    --count;
  }

 private:
  T** bucket(uint32_t hash) const { return &buckets[hash & (bucket_count - 1)]; }
};
