// Small blocks: QuickJS carves them out of pages and never clears them. Here those that became free
// are cleared before a snapshot, and only those: whoever frees a block marks it and its page, which
// is noted. What is left are the links between them. (Clearing each at once costs programs that
// make many objects a tenth of their time; large blocks are cleared at once, by clean_blocks.hpp.)
//
// Blocks with a mark come first in their page, since what becomes free is put in front; so cleaning
// a page ends at the first that has none. It writes nothing but zeros over marks that it went by,
// and so comes to an end in a forged heap too.
//
// A VM that shares its pages with others, or that sleeps most of its time, pays for each page that
// it writes to. So a job that has freed something takes what it needs from there, as long as it has
// done little; and pages are noted outside of them: a list through them would be written in the
// neighbours, too.
//
// Part of quickjs_internals.c, which sends calls inside QuickJS to the functions here.

// By the size of their blocks, pages in which some became free since the last snapshot; null:
// QuickJS finds one, or makes it. A program that has done much is better served by its order, and
// has none.
static JSArena* qi_open_pages[JS_ARENA_BLOCK_SIZE_COUNT];
static bool qi_are_open;

// The first pages with marks. When there are more than that, they have a bit in qi_also_soiled.
enum { QI_SOILED_MAX = 96 };
static struct {
  uint32_t count;
  bool are_more;
  JSArena* pages[QI_SOILED_MAX];
} qi_soiled;

// The mark of a page: a byte that pads its header. That of a free block: its count of references.
static uint8_t* qi_mark_of(JSArena* page) { return &page->block_size_idx + 1; }
_Static_assert(offsetof(JSArena, n_used_blocks) == offsetof(JSArena, block_size_idx) + 2,
               "there is a byte that nobody uses");

static void qi_close_pages(void) {
  if (qi_are_open) memset(qi_open_pages, 0, sizeof(qi_open_pages));
  qi_are_open = false;
}

static void qi_note_soiled(JSArena* page) {
  const uint32_t number = (uint32_t)((uintptr_t)page / JS_ARENA_SIZE);
  *qi_mark_of(page) = 1;
  if (qi_soiled.count < QI_SOILED_MAX) {
    qi_soiled.pages[qi_soiled.count++] = page;
    qi_open_pages[page->block_size_idx % JS_ARENA_BLOCK_SIZE_COUNT] = page;
    qi_are_open = true;
  } else {
    qi_close_pages();
    qi_soiled.are_more = true;
    qi_also_soiled[number / 32] |= 1u << (number % 32);
  }
}

static void qi_forget_soiled(const JSArena* page) {
  const uint32_t number = (uint32_t)((uintptr_t)page / JS_ARENA_SIZE);
  const unsigned class = page->block_size_idx % JS_ARENA_BLOCK_SIZE_COUNT;
  if (qi_open_pages[class] == page) qi_open_pages[class] = NULL;
  if (qi_soiled.are_more) qi_also_soiled[number / 32] &= ~(1u << (number % 32));
  for (uint32_t i = 0; i < QI_SOILED_MAX && i < qi_soiled.count; ++i) {
    if (qi_soiled.pages[i] != page) continue;
    JSArena** const last = &qi_soiled.pages[--qi_soiled.count % QI_SOILED_MAX];
    qi_soiled.pages[i] = *last;
    *last = NULL;
    return;
  }
}

// As original_arena_malloc, of the page that is open; null: none is.
static __attribute__((noinline)) void* qi_take_small_block(size_t size) {
  const unsigned class = arena_get_size_index(((size + JS_ARENA_ALIGN - 1) & -JS_ARENA_ALIGN) +
                                              sizeof(JSMallocBlockHeader));
  JSArena* const page = qi_open_pages[class];
  if (!page) return NULL;
  const unsigned index = page->first_free_block;
  JSMallocBlockHeader* block = arena_get_block(page, index, arena_block_sizes[class]);
  page->first_free_block = block->u.free_next;
  block->u.block_idx = index;
  if (++page->n_used_blocks == page->n_blocks) {
    list_del(&page->free_link);
    qi_open_pages[class] = NULL;
  }
  return block->user_data;
}

static void* qi_arena_malloc(JSRuntime* rt, size_t size) {
  if (__builtin_expect(qi_allocations_to_grant != 0, 0) && qi_allocation_fails(rt)) return NULL;
  if (__builtin_expect(qi_are_open, 0) &&
      size - 1 < JS_ARENA_MAX_SMALL_SIZE - sizeof(JSMallocBlockHeader)) {
    void* const block = qi_take_small_block(size);
    if (block) return block;
  }
  return original_arena_malloc(rt, size);
}

static void qi_arena_free(JSRuntime* rt, void* block) {
  if (!block) return;
  JSMallocBlockHeader* header = container_of(block, JSMallocBlockHeader, user_data);
  if (header->u.block_idx != JS_ARENA_FREE_NIL) {
    JSArena* const page = (JSArena*)((uintptr_t)header & -(uintptr_t)JS_ARENA_SIZE);
    header->ref_count = 1;
    if (__builtin_expect(page->n_used_blocks == 1, 0)) {  // the last one takes its page along
      if (*qi_mark_of(page)) qi_forget_soiled(page);
    } else if (__builtin_expect(!*qi_mark_of(page), 0)) {
      qi_note_soiled(page);
    }
  }
  original_arena_free(rt, block);
}

// Nearly always a few words, for which a call of memset would take longer.
static inline void qi_clear_words(uint8_t* start, const uint8_t* end) {
  for (uint64_t* word = (uint64_t*)start; (const uint8_t*)word < end; ++word) {
    *word = 0;
    __asm__ volatile("" : "+r"(word));  // or the compiler calls memset
  }
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
  *qi_mark_of(page) = 0;
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

void qi_clean_small_blocks(void) {
  qi_close_pages();
  for (uint32_t i = 0; i < QI_SOILED_MAX && i < qi_soiled.count; ++i) {
    qi_clean_page(qi_soiled.pages[i]);
    qi_soiled.pages[i] = NULL;
  }
  qi_soiled.count = 0;
  if (!qi_soiled.are_more) return;
  qi_soiled.are_more = false;
  const uint32_t pages = (uint32_t)__builtin_wasm_memory_size(0) * (65536 / JS_ARENA_SIZE);
  for (uint32_t i = 0; i < pages / 32; ++i) {
    uint32_t marks = qi_also_soiled[i];
    if (marks == 0) continue;
    qi_also_soiled[i] = 0;
    for (; marks != 0; marks &= marks - 1) {
      const uint32_t number = i * 32 + (uint32_t)__builtin_ctz(marks);
      qi_clean_page((JSArena*)((uintptr_t)number * JS_ARENA_SIZE));
    }
  }
}

// Each page is one block of the allocator, and that begins with a page of the system's.
bool qi_pages_are_as_known(void) {
  for (int i = 0; i < JS_ARENA_BLOCK_SIZE_COUNT; ++i) {
    const size_t size = arena_block_sizes[i];
    const size_t bytes = sizeof(JSArena) + (JS_ARENA_SIZE - sizeof(JSArena)) / size * size;
    if (!qi_is_page(bytes)) return false;
  }
  return JS_ARENA_SIZE == QI_PAGE_BYTES;
}
