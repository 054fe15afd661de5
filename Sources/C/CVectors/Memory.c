#include "CVectors.h"
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// Freed blocks wait for the next buffer of like size. Fresh memory is dear (the kernel clears every page: 0.7 µs a KiB against 1 ns for memory
// used before), and batches, pages and tables come and go in the same few sizes.
//
//     class:  1 KiB  1¼  1½  1¾  2  2½  3  3½ …  ┊ 256 KiB … 256 MiB     blocks of a class: a list through their first words
//             on the worker that freed them      ┊ shared by all threads
//
// Small blocks are many and need no lock; large ones are often freed by another thread than the next to want them. Both stores are bounded;
// what does not fit, and blocks above the largest class, go back to malloc at once. Large blocks that wait never make the process larger than
// buffers in use have made it since the last rest, but for a little: a table that grows by doubling leaves sizes that nobody asks for again.

enum { FIRST_SHIFT = 10, SHARED_SHIFT = 18, LAST_SHIFT = 28, CLASSES = (LAST_SHIFT - FIRST_SHIFT) * 4 + 1 };
enum { FIRST_SHARED = (SHARED_SHIFT - FIRST_SHIFT) * 4 };
_Static_assert(MP_LARGE == 1 << SHARED_SHIFT, "large buffers are those of the shared classes");
static const size_t THREAD_BYTES = (size_t)8 << 20;

struct block { struct block *next; };
struct store { size_t bytes; struct block *blocks[CLASSES]; };

static _Thread_local struct store own;
static _Thread_local int keeps;
static struct store shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t at_thread_end;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static size_t shared_bytes = (size_t)160 << 20;
/// Of large buffers: bytes in use, and the most there were since the last rest.
static size_t used, most_used;
static const size_t ALWAYS_KEPT = (size_t)64 << 20;

static void release(struct store *store) {
  for (int i = 0; i < CLASSES; i++) {
    while (store->blocks[i]) {
      struct block *block = store->blocks[i];
      store->blocks[i] = block->next;
      free(block);
    }
  }
  store->bytes = 0;
}

static void release_own(void *unused) {
  (void)unused;
  keeps = 0;
  release(&own);
}
// Large tables grow by doubling: up to a thirty-second of the machine waits for them, until the pool rests. Large blocks are mapped one by
// one: between the small ones of an arena they would leave holes that nothing fits.
static void prepare(void) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << SHARED_SHIFT);
  mallopt(M_TRIM_THRESHOLD, 32 << 20);
#endif
  pthread_key_create(&at_thread_end, release_own);
  size_t part = (size_t)sysconf(_SC_PHYS_PAGES) / 32 * (size_t)sysconf(_SC_PAGESIZE);
  if (part > shared_bytes) shared_bytes = part;
}

/// Class of a request, and its size rounded up; -1 when it has none.
static inline int class_of(size_t bytes, size_t *size) {
  if (bytes > ((size_t)1 << LAST_SHIFT) || bytes < 512) return -1;
  if (bytes <= (size_t)1 << FIRST_SHIFT) { *size = (size_t)1 << FIRST_SHIFT; return 0; }
  unsigned shift = 63 - (unsigned)__builtin_clzll(bytes - 1);          // 2^shift < bytes <= 2^(shift + 1)
  size_t step = (size_t)1 << (shift - 2);
  size_t quarters = (bytes - ((size_t)1 << shift) + step - 1) / step;  // 1...4
  *size = ((size_t)1 << shift) + quarters * step;
  return (int)((shift - FIRST_SHIFT) * 4 + quarters);
}

static inline void *taken(struct store *store, int class, size_t size) {
  struct block *block = store->blocks[class];
  if (block) {
    store->blocks[class] = block->next;
    store->bytes -= size;
  }
  return block;
}

static inline int kept(struct store *store, size_t limit, void *p, int class, size_t size) {
  if (store->bytes + size > limit) return 0;
  struct block *block = p;
  block->next = store->blocks[class];
  store->blocks[class] = block;
  store->bytes += size;
  return 1;
}

/// Bytes that may wait now.
static inline size_t allowance(void) {
  size_t below = most_used > used ? most_used - used : 0;
  if (below < ALWAYS_KEPT) below = ALWAYS_KEPT;
  return below < shared_bytes ? below : shared_bytes;
}

/// Counts a large buffer as used; gives the blocks that may wait no longer, the largest first, in a list.
static struct block *use(size_t size) {
  struct block *surplus = NULL;
  used += size;
  for (int i = CLASSES - 1; i >= FIRST_SHARED && shared.bytes > allowance(); i--) {
    size_t each = ((size_t)1 << (FIRST_SHIFT + (i - 1) / 4)) / 4 * (size_t)((i - 1) % 4 + 5);
    while (shared.blocks[i] && shared.bytes > allowance()) {
      struct block *block = taken(&shared, i, each);
      block->next = surplus;
      surplus = block;
    }
  }
  if (used > most_used) most_used = used;
  return surplus;
}

static void unuse(size_t size) {
  pthread_mutex_lock(&lock);
  used -= size;
  pthread_mutex_unlock(&lock);
}

size_t mp_used_bytes(void) {
  pthread_mutex_lock(&lock);
  size_t bytes = used;
  pthread_mutex_unlock(&lock);
  return bytes;
}

void mp_keep_on_this_thread(void) {
  keeps = 1;
  pthread_once(&once, prepare);
  pthread_setspecific(at_thread_end, &own);
}

void *mp_allocate(size_t bytes) {
  size_t padded = bytes + MP_PADDING, size = padded;
  if (padded < bytes) return NULL;
  int class = class_of(padded, &size);
  void *p = NULL;
  if (class >= FIRST_SHARED || size > (size_t)1 << LAST_SHIFT) {
    pthread_mutex_lock(&lock);
    if (class >= 0) p = taken(&shared, class, size);
    struct block *surplus = use(size);
    pthread_mutex_unlock(&lock);
    while (surplus) {
      struct block *next = surplus->next;
      free(surplus);
      surplus = next;
    }
  } else if (class >= 0 && keeps) {
    p = taken(&own, class, size);
  }
  if (p) return p;
  size_t alignment = size >= (2u << 20) ? (2u << 20) : 64;
  if (posix_memalign(&p, alignment, size) != 0) {
    if (class >= FIRST_SHARED || size > (size_t)1 << LAST_SHIFT) unuse(size);
    return NULL;
  }
#ifdef MADV_HUGEPAGE
  if (alignment > 64) madvise(p, size, MADV_HUGEPAGE);
#endif
  return p;
}

void mp_free(void *p, size_t bytes) {
  size_t size = bytes + MP_PADDING;
  int class = class_of(size, &size), is_kept = 0;
  if (class >= FIRST_SHARED || size > (size_t)1 << LAST_SHIFT) {
    pthread_mutex_lock(&lock);
    used -= size;
    if (class >= 0) is_kept = kept(&shared, allowance(), p, class, size);
    pthread_mutex_unlock(&lock);
  } else if (class >= 0 && keeps) {
    is_kept = kept(&own, THREAD_BYTES, p, class, size);
  }
  if (!is_kept) free(p);
}

// Freed memory in the middle of an arena stays with the process until somebody asks: a single live block above it is enough.
static void trim(size_t slack) {
#ifdef __GLIBC__
  if (mallinfo2().fordblks > slack) malloc_trim(0);
#else
  (void)slack;
#endif
}

void mp_release_holes(void) {
  pthread_once(&once, prepare);
  trim(shared_bytes / 2);
}

// Less than this is not worth the page faults of the next query.
static const size_t SLACK_BYTES = (size_t)16 << 20;

void mp_release_cached(void) {
  release(&own);
  pthread_mutex_lock(&lock);
  release(&shared);
  most_used = used;
  trim(SLACK_BYTES);
  pthread_mutex_unlock(&lock);
}
