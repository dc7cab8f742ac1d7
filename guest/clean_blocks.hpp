// The C library's allocator, with free memory that is zero: it costs a snapshot nothing, and what
// stood in it does not travel.
//
// The C library joins neighbours that are free, and leaves in the middle what it had noted at their
// ends. So whoever gives a block back clears it, and those notes too: a constant amount of work
// beside the block's own bytes, which the program has paid for by writing them. Nothing is left to
// do when the VM falls asleep, however large it is.
//
// This knows what the blocks of dlmalloc look like, which wasi-libc has: `blocks_are_as_known`
// finds out, before a VM exists, whether it still does.
#pragma once

#include <stddef.h>

/// Whether the blocks are as expected; leaves no trace.
bool blocks_are_as_known();
/// As free().
void free_clean(void* block);
/// As realloc().
void* resize_clean(void* block, size_t bytes);
/// Bytes that a block holds; 0 for none.
size_t room_of(const void* block);
