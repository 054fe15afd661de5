#include "CVectors.h"
#include <stdlib.h>
#include <string.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

// Many literals in one pass, after the Teddy of Hyperscan (Qiao and others, "Streaming SIMD Extensions for regular expression matching"): literals
// are shared out among eight buckets; two look-ups of 16 entries say for each of 32 places which buckets have a literal whose first byte is the one
// there, by its lower and its upper four bits; the same for the second and third byte, moved by one and two. Where a bit is left the bucket's
// literals are compared.
//
//     low[k][x]: bit b is set when some literal of bucket b has, as its k-th byte, one with lower bits x       high[k][x]: with upper bits x

enum { MOST = 64, BUCKETS = 8, DEPTH = 3 };

struct mp_literals {
  uint8_t low[DEPTH][32], high[DEPTH][32];  // the 16 entries twice: shuffles work on halves
  uint32_t depth, shortest, count;
  uint32_t starts[BUCKETS + 1];
  uint64_t heads[MOST], masks[MOST];        // the first eight bytes, and which of them there are
  const uint8_t *texts[MOST];
  uint32_t lengths[MOST];
  uint8_t ids[MOST];
  uint8_t bytes[];
};

mp_literals *mp_literals_create(const uint8_t *bytes, const uint32_t *lengths, uint32_t count) {
  if (count == 0 || count > MOST) return NULL;
  size_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (lengths[i] == 0) return NULL;
    total += lengths[i];
  }
  mp_literals *set;
  if (posix_memalign((void **)&set, 64, sizeof *set + total + MP_PADDING) != 0) return NULL;
  memset(set, 0, sizeof *set + total + MP_PADDING);
  memcpy(set->bytes, bytes, total);
  set->count = count;
  set->shortest = UINT32_MAX;
  const uint8_t *text = set->bytes;
  // in order of their bytes, so that those of one bucket begin alike
  for (uint32_t i = 0; i < count; text += lengths[i], i++) {
    uint32_t length = lengths[i], at = i;
    while (at > 0) {
      uint32_t shared = set->lengths[at - 1] < length ? set->lengths[at - 1] : length;
      if (memcmp(set->texts[at - 1], text, shared) <= 0) break;
      set->texts[at] = set->texts[at - 1];
      set->lengths[at] = set->lengths[at - 1];
      set->ids[at] = set->ids[at - 1];
      at--;
    }
    set->texts[at] = text;
    set->lengths[at] = length;
    set->ids[at] = (uint8_t)i;
    if (length < set->shortest) set->shortest = length;
  }
  set->depth = set->shortest < DEPTH ? set->shortest : DEPTH;
  for (uint32_t bucket = 0; bucket < BUCKETS; bucket++) {
    set->starts[bucket] = bucket * count / BUCKETS;
    for (uint32_t i = set->starts[bucket]; i < (bucket + 1) * count / BUCKETS; i++) {
      for (uint32_t k = 0; k < set->depth; k++) {
        uint8_t byte = set->texts[i][k];
        for (int half = 0; half < 32; half += 16) {
          set->low[k][half + (byte & 15)] |= (uint8_t)(1u << bucket);
          set->high[k][half + (byte >> 4)] |= (uint8_t)(1u << bucket);
        }
      }
    }
  }
  set->starts[BUCKETS] = count;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t head = set->lengths[i] < 8 ? set->lengths[i] : 8;
    memcpy(&set->heads[i], set->texts[i], head);
    memset(&set->masks[i], 255, head);
  }
  return set;
}

void mp_literals_free(mp_literals *set) { free(set); }

/// The literals of some buckets that are at a place with `left` bytes from there on.
static inline uint64_t compared(const mp_literals *set, unsigned buckets, const uint8_t *text, size_t left) {
  uint64_t found = 0, head;
  memcpy(&head, text, 8);
  for (; buckets; buckets &= buckets - 1) {
    unsigned bucket = (unsigned)__builtin_ctz(buckets);
    for (uint32_t i = set->starts[bucket]; i < set->starts[bucket + 1]; i++) {
      if ((head ^ set->heads[i]) & set->masks[i] || set->lengths[i] > left) continue;
      if (set->lengths[i] <= 8 || memcmp(text + 8, set->texts[i] + 8, set->lengths[i] - 8) == 0) found |= (uint64_t)1 << set->ids[i];
    }
  }
  return found;
}

#if defined(__AVX2__)
/// `depth` is a constant wherever this is called: its loops are unrolled, its tables stay in registers.
static inline __attribute__((always_inline))
ptrdiff_t find(const mp_literals *set, const uint32_t depth, const uint8_t *h, size_t n, size_t start, uint64_t *which) {
  size_t last = n - set->shortest;
  const __m256i nibble = _mm256_set1_epi8(15);
  for (size_t i = start; i <= last; i += 32) {
    __m256i left = _mm256_set1_epi8(-1);
    for (uint32_t k = 0; k < depth; k++) {
      __m256i v = _mm256_loadu_si256((const __m256i *)(h + i + k));
      __m256i low = _mm256_load_si256((const __m256i *)set->low[k]), high = _mm256_load_si256((const __m256i *)set->high[k]);
      __m256i a = _mm256_shuffle_epi8(low, _mm256_and_si256(v, nibble));
      __m256i b = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));
      left = _mm256_and_si256(left, _mm256_and_si256(a, b));
    }
    uint32_t hits = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(left, _mm256_setzero_si256()));
    if (last - i < 31) hits &= (2u << (last - i)) - 1;
    if (!hits) continue;
    uint8_t buckets[32];
    _mm256_storeu_si256((__m256i *)buckets, left);
    for (; hits; hits &= hits - 1) {
      size_t k = (size_t)__builtin_ctz(hits);
      uint64_t found = compared(set, buckets[k], h + i + k, n - i - k);
      if (found) { *which = found; return (ptrdiff_t)(i + k); }
    }
  }
  return -1;
}
#endif

ptrdiff_t mp_literals_find(const mp_literals *set, const uint8_t *h, size_t n, size_t start, uint64_t *which) {
  if (n < set->shortest) return -1;
#if defined(__AVX2__)
  if (set->depth == 3) return find(set, 3, h, n, start, which);
  if (set->depth == 2) return find(set, 2, h, n, start, which);
  return find(set, 1, h, n, start, which);
#else
  for (size_t i = start; i <= n - set->shortest; i++) {
    unsigned buckets = 255;
    for (uint32_t k = 0; k < set->depth; k++) buckets &= set->low[k][h[i + k] & 15] & set->high[k][h[i + k] >> 4];
    uint64_t found = buckets ? compared(set, buckets, h + i, n - i) : 0;
    if (found) { *which = found; return (ptrdiff_t)i; }
  }
  return -1;
#endif
}
