#pragma once
// What Swift cannot express: huge pages, prefetch, and a few loops that only intrinsics make fast.
#include <stddef.h>
#include <stdint.h>

/// Bytes past the end of every buffer that may be read (never interpreted): loads need no tail code.
#define MP_PADDING 64

static inline void mp_prefetch(const void *p) { __builtin_prefetch(p, 0, 3); }
static inline void mp_prefetch_write(const void *p) { __builtin_prefetch(p, 1, 3); }

/// Uninitialised memory: 64-byte aligned, padded; 2 MiB aligned and backed by huge pages where it is that large. NULL: there is none.
void *mp_allocate(size_t bytes);
/// Takes back what `mp_allocate(bytes)` gave, with the same `bytes`; keeps it for the next buffer of like size while there is room.
void mp_free(void *p, size_t bytes);
/// Buffers of so many bytes and more are large: they are counted and, once freed, wait for all threads.
#define MP_LARGE (1 << 18)
/// Bytes of large buffers that are in use in this process.
size_t mp_used_bytes(void);
/// Small blocks that this thread frees are kept for it from now on: for threads that also call `mp_release_cached` when they rest. Others return
/// theirs to malloc, since nobody could take them back.
void mp_keep_on_this_thread(void);
/// Gives back what lies free between small blocks, where that is much: the next query would rather map large blocks of its own.
void mp_release_holes(void);
/// Gives back what this thread and all threads together keep for later: when there is nothing to do.
void mp_release_cached(void);

/// First place of `needle` in `haystack`, or -1. Compares the first and last byte of the needle 32 positions at a time.
/// May read up to 32 bytes past the end of either text.
ptrdiff_t mp_find(const uint8_t *haystack, size_t length, const uint8_t *needle, size_t needle_length);

/// Several literals to look for at once. Immutable; any thread may search.
typedef struct mp_literals mp_literals;
/// `bytes`: the literals one after the other; 1 to 64 of them, none empty. NULL: no memory, or not so.
mp_literals *mp_literals_create(const uint8_t *bytes, const uint32_t *lengths, uint32_t count);
void mp_literals_free(mp_literals *set);
/// First place at or after `start` where any of them is, or -1; `which` has a bit for each that is there.
/// May read up to `MP_PADDING` bytes past the end of the text.
ptrdiff_t mp_literals_find(const mp_literals *set, const uint8_t *text, size_t length, size_t start, uint64_t *which);
/// The literals at a place, a bit for each. May read up to 8 bytes past the end of the text.
uint64_t mp_literals_at(const mp_literals *set, const uint8_t *text, size_t length, size_t place);
/// A text as `Vectors.Bytes` lays it out: the length, then up to twelve bytes, or four and the address of all.
typedef struct { uint64_t head, tail; } mp_bytes;
/// Of up to 64 texts that are `known` those, a bit for each, in which a literal seems to begin, and the first place where; what else `places` holds
/// means nothing. Texts lie `step` apart (0: one for all). May read up to `MP_PADDING` bytes past the end of each.
uint64_t mp_literals_likely(
  const mp_literals *set, const mp_bytes *texts, size_t step, uint32_t count, uint64_t known, uint32_t *places
);

/// Unpacks `count` little-endian values of `width` bits (0...32) from `source` (`available` readable bytes, plus nothing) into `out`.
/// Returns 0 when the source is too short.
int mp_unpack32(const uint8_t *source, size_t available, unsigned width, size_t count, uint32_t *out);

/// Rows of `mask` (one bit a row, 64-row words) that are set, as ascending indices. Returns how many. `out` has room for `count` + 8.
size_t mp_indices(const uint64_t *mask, size_t count, uint32_t *out);

/// Whether the processor can run code generated for this package.
int mp_processor_is_supported(void);
