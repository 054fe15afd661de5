#include "CVectors.h"
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

// Freed blocks wait on their thread for the next buffer of like size. Fresh memory is dear (the kernel clears every page: 0.7 µs a KiB against
// 1 ns for memory used before), and batches come and go in the same few sizes.
//
//     class:  1 KiB  1¼  1½  1¾  2  2½  3  3½  4 …  16 MiB     blocks of a class: a list through their first words
//
// Per thread at most MP_CACHED_BYTES are kept; more than that, and blocks above the largest class, go back to malloc at once.

enum { FIRST_SHIFT = 10, LAST_SHIFT = 24, CLASSES = (LAST_SHIFT - FIRST_SHIFT) * 4 + 1 };
static const size_t MP_CACHED_BYTES = (size_t)48 << 20;

struct block { struct block *next; };
struct cache { size_t bytes; struct block *free[CLASSES]; };

static _Thread_local struct cache cache;
static _Thread_local int is_registered;
static pthread_key_t at_thread_end;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void release_all(void *unused) { (void)unused; mp_release_cached(); }
static void make_key(void) { pthread_key_create(&at_thread_end, release_all); }

/// Class and size of a request, rounded up; -1 when it has none.
static inline int class_of(size_t bytes, size_t *size) {
  if (bytes > ((size_t)1 << LAST_SHIFT) || bytes < 512) return -1;
  if (bytes <= (size_t)1 << FIRST_SHIFT) { *size = (size_t)1 << FIRST_SHIFT; return 0; }
  unsigned shift = 63 - (unsigned)__builtin_clzll(bytes - 1);        // 2^shift < bytes <= 2^(shift + 1)
  size_t step = (size_t)1 << (shift - 2);
  size_t quarters = (bytes - ((size_t)1 << shift) + step - 1) / step;  // 1...4
  *size = ((size_t)1 << shift) + quarters * step;
  return (int)((shift - FIRST_SHIFT) * 4 + quarters);
}

void *mp_allocate(size_t bytes) {
  size_t padded = bytes + MP_PADDING, size = padded;
  if (padded < bytes) return NULL;
  int class = class_of(padded, &size);
  if (class >= 0 && cache.free[class]) {
    struct block *block = cache.free[class];
    cache.free[class] = block->next;
    cache.bytes -= size;
    return block;
  }
  void *p = NULL;
  size_t alignment = size >= (2u << 20) ? (2u << 20) : 64;
  if (posix_memalign(&p, alignment, size) != 0) return NULL;
#ifdef MADV_HUGEPAGE
  if (alignment > 64) madvise(p, size, MADV_HUGEPAGE);
#endif
  return p;
}

void mp_free(void *p, size_t bytes) {
  size_t size = 0;
  int class = class_of(bytes + MP_PADDING, &size);
  if (class < 0 || cache.bytes + size > MP_CACHED_BYTES) { free(p); return; }
  if (!is_registered) {
    is_registered = 1;
    pthread_once(&once, make_key);
    pthread_setspecific(at_thread_end, &cache);
  }
  struct block *block = p;
  block->next = cache.free[class];
  cache.free[class] = block;
  cache.bytes += size;
}

void mp_release_cached(void) {
  for (int i = 0; i < CLASSES; i++) {
    while (cache.free[i]) {
      struct block *block = cache.free[i];
      cache.free[i] = block->next;
      free(block);
    }
  }
  cache.bytes = 0;
}
