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
//     low[k][x]: bit b is set when some literal of bucket b has, as its k-th byte, one with lower bits x, or no k-th byte
//     high[k][x]: with upper bits x

enum { MOST = 64, BUCKETS = 8, DEPTH = 3 };

struct mp_literals {
  uint8_t low[DEPTH][32], high[DEPTH][32];  // the 16 entries twice: shuffles work on halves
  uint32_t shortest, count;
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
  for (uint32_t bucket = 0; bucket < BUCKETS; bucket++) {
    set->starts[bucket] = bucket * count / BUCKETS;
    for (uint32_t i = set->starts[bucket]; i < (bucket + 1) * count / BUCKETS; i++) {
      for (uint32_t k = 0; k < DEPTH; k++) {
        for (uint32_t x = 0; x < 32; x++) {
          int any = k >= set->lengths[i];
          if (any || (set->texts[i][k] & 15) == x % 16) set->low[k][x] |= (uint8_t)(1u << bucket);
          if (any || set->texts[i][k] >> 4 == x % 16) set->high[k][x] |= (uint8_t)(1u << bucket);
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

uint64_t mp_literals_at(const mp_literals *set, const uint8_t *text, size_t length, size_t place) {
  if (length < set->shortest || place > length - set->shortest) return 0;
  text += place;
  unsigned buckets = set->low[0][text[0] & 15] & set->high[0][text[0] >> 4] & set->low[1][text[1] & 15] & set->high[1][text[1] >> 4];
  buckets &= set->low[2][text[2] & 15] & set->high[2][text[2] >> 4];
  uint64_t found = 0, head;
  memcpy(&head, text, 8);
  for (; buckets; buckets &= buckets - 1) {
    unsigned bucket = (unsigned)__builtin_ctz(buckets);
#pragma clang loop vectorize(disable) unroll(disable)
    for (uint32_t i = set->starts[bucket]; i < set->starts[bucket + 1]; i++) {
      if ((head ^ set->heads[i]) & set->masks[i] || set->lengths[i] > length - place) continue;
      if (set->lengths[i] <= 8 || memcmp(text + 8, set->texts[i] + 8, set->lengths[i] - 8) == 0) found |= (uint64_t)1 << set->ids[i];
    }
  }
  return found;
}

// Which of STEP places look like the beginning of a literal, and the first of them; STEP: none.
#if defined(__AVX2__)
enum { STEP = 32 };
static inline uint32_t likely(const mp_literals *set, const uint8_t *h) {
  const __m256i nibble = _mm256_set1_epi8(15);
  __m256i left = _mm256_set1_epi8(-1);
  for (uint32_t k = 0; k < DEPTH; k++) {
    __m256i v = _mm256_loadu_si256((const __m256i *)(h + k));
    __m256i low = _mm256_load_si256((const __m256i *)set->low[k]), high = _mm256_load_si256((const __m256i *)set->high[k]);
    __m256i a = _mm256_shuffle_epi8(low, _mm256_and_si256(v, nibble));
    __m256i b = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));
    left = _mm256_and_si256(left, _mm256_and_si256(a, b));
  }
  return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(left, _mm256_setzero_si256()));
}
static inline uint32_t first(uint32_t hits) { return _tzcnt_u32(hits); }
#else
enum { STEP = 1 };
static inline uint32_t likely(const mp_literals *set, const uint8_t *h) {
  unsigned buckets = 255;
  for (uint32_t k = 0; k < DEPTH; k++) buckets &= set->low[k][h[k] & 15] & set->high[k][h[k] >> 4];
  return buckets != 0;
}
static inline uint32_t first(uint32_t hits) { return hits ? 0 : 1; }
#endif

static inline const uint8_t *address(const mp_bytes *text) {
  return (uint32_t)text->head > 12 ? (const uint8_t *)(uintptr_t)text->tail : (const uint8_t *)text + 4;
}

uint64_t mp_literals_likely(
  const mp_literals *set, const mp_bytes *texts, size_t step, uint32_t count, uint64_t known, uint32_t *places
) {
  uint64_t found = 0, longer = 0;
  const mp_bytes *text = texts;
  for (uint32_t j = 0; j < count; j++, text += step) {
    // most texts are of one step, and whether there is something in it nobody can foresee: no branch asks
    uint32_t length = (uint32_t)text->head, end = length < set->shortest ? 0 : length - set->shortest + 1;
    uint32_t place = first(likely(set, known >> j & 1 ? address(text) : (const uint8_t *)text));
    places[j] = place;
    found |= (uint64_t)(place < end) << j;
    longer |= (uint64_t)((place >= STEP) & (end > STEP)) << j;
  }
  found &= known;
  for (longer &= known; longer; longer &= longer - 1) {
    unsigned j = (unsigned)__builtin_ctzll(longer);
    text = texts + j * step;
    const uint8_t *h = address(text);
    size_t end = (uint32_t)text->head - set->shortest + 1, place = STEP;
    found &= ~((uint64_t)1 << j);
    for (size_t i = STEP; i < end && place >= i; i += STEP) place = i + first(likely(set, h + i));
    places[j] = (uint32_t)place;
    found |= (uint64_t)(place < end) << j;
  }
  return found;
}

/// The first of some places at which there is a literal, or -1. Apart from the loop that finds places: that one has its tables in registers.
static __attribute__((noinline))
ptrdiff_t confirmed(const mp_literals *set, const uint8_t *h, size_t n, size_t start, uint32_t hits, uint64_t *which) {
  for (; hits; hits &= hits - 1) {
    size_t place = start + (size_t)__builtin_ctz(hits);
    *which = mp_literals_at(set, h, n, place);
    if (*which) return (ptrdiff_t)place;
  }
  return -1;
}

ptrdiff_t mp_literals_find(const mp_literals *set, const uint8_t *h, size_t n, size_t start, uint64_t *which) {
  if (n < set->shortest) return -1;
  size_t last = n - set->shortest;
  for (size_t i = start; i <= last; i += STEP) {
    uint32_t hits = likely(set, h + i);
    if (last - i < 31) hits &= (2u << (last - i)) - 1;
    if (!hits) continue;
    ptrdiff_t place = confirmed(set, h, n, i, hits, which);
    if (place >= 0) return place;
  }
  return -1;
}
