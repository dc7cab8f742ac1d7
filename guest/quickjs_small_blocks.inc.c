// Small blocks: QuickJS carves them out of pages and never clears them. Here those that became free
// are cleared before a snapshot, and only those: whoever frees a block marks it and its page. What
// is left are the links between them. (Clearing each at once costs programs that make many objects
// a tenth of their time; large blocks are cleared at once, by clean_blocks.hpp.)
//
// Pages with such blocks come first in their list, and such blocks first in their page, since both
// are put in front; so cleaning ends at the first that is clean. It writes nothing but zeros over
// marks that it went by, and so comes to an end in a forged heap too.
//
// Part of quickjs_internals.c, which sends calls inside QuickJS to the functions here.

// The mark of a page: a byte that pads its header. That of a free block: its count of references.
static uint8_t* qi_is_soiled(JSArena* page) { return &page->block_size_idx + 1; }
_Static_assert(offsetof(JSArena, n_used_blocks) == offsetof(JSArena, block_size_idx) + 2,
               "there is a byte that nobody uses");

// Nearly always a few words, for which a call of memset would take longer.
static inline void qi_clear_words(uint8_t* start, const uint8_t* end) {
  for (uint64_t* word = (uint64_t*)start; (const uint8_t*)word < end; ++word) {
    *word = 0;
    __asm__ volatile("" : "+r"(word));  // or the compiler calls memset
  }
}

static JSArena* qi_arena_new(JSRuntime* rt, int block_size_idx) {
  JSArena* const page = original_arena_new(rt, block_size_idx);
  if (page) *qi_is_soiled(page) = 1;  // it has been put in front of those that are
  return page;
}

static void qi_arena_free(JSRuntime* rt, void* block) {
  if (!block) return;
  JSMallocBlockHeader* header = container_of(block, JSMallocBlockHeader, user_data);
  if (header->u.block_idx != JS_ARENA_FREE_NIL) {
    const unsigned class = header->block_size_idx;
    JSArena* page =
        (JSArena*)((uint8_t*)header - (size_t)arena_block_sizes[class] * header->u.block_idx -
                   sizeof(JSArena));
    header->ref_count = 1;
    if (__builtin_expect(!*qi_is_soiled(page), 0)) {
      *qi_is_soiled(page) = 1;
      if (page->n_used_blocks != page->n_blocks) {
        list_del(&page->free_link);
        list_add(&page->free_link, &rt->arena_state.free_arena_list[class]);
      }
    }
  }
  original_arena_free(rt, block);
}

// A block that keeps its place may become shorter.
static void* qi_arena_realloc(JSRuntime* rt, void* block, size_t size) {
  void* const moved = original_arena_realloc(rt, block, size);
  if (moved != block) return moved;
  JSMallocBlockHeader* header = container_of(block, JSMallocBlockHeader, user_data);
  if (header->u.block_idx == JS_ARENA_FREE_NIL) return moved;
  const size_t bytes = arena_block_sizes[header->block_size_idx];
  const size_t used = (size + JS_ARENA_ALIGN - 1) & ~(size_t)(JS_ARENA_ALIGN - 1);
  qi_clear_words(header->user_data + used, (uint8_t*)header + bytes);
  return moved;
}

static void qi_clean_page(JSArena* page) {
  const unsigned bytes = arena_block_sizes[page->block_size_idx];
  unsigned index = page->first_free_block;
  for (unsigned i = 0; i < page->n_blocks && index != JS_ARENA_FREE_NIL; ++i) {
    JSMallocBlockHeader* header = arena_get_block(page, index, bytes);
    if (header->ref_count == 0) return;
    header->ref_count = 0;
    header->gc_obj_type = 0;
    header->mark = 0;
    qi_clear_words(header->user_data, (uint8_t*)header + bytes);
    index = header->u.free_next;
  }
}

void qi_clean_small_blocks(JSRuntime* rt) {
  for (int i = 0; i < JS_ARENA_BLOCK_SIZE_COUNT; ++i) {
    struct list_head* const head = &rt->arena_state.free_arena_list[i];
    for (struct list_head* at = head->next; at != head; at = at->next) {
      JSArena* page = list_entry(at, JSArena, free_link);
      if (!*qi_is_soiled(page)) break;
      *qi_is_soiled(page) = 0;
      qi_clean_page(page);
    }
  }
}
