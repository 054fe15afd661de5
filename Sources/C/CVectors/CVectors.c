#include "CVectors.h"
#include <string.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

int mp_processor_is_supported(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
#else
  return 1;
#endif
}

ptrdiff_t mp_find(const uint8_t *h, size_t n, const uint8_t *needle, size_t m) {
  if (m == 0) return 0;
  if (m > n) return -1;
  size_t last = n - m;
#if defined(__AVX2__)
  const __m256i first = _mm256_set1_epi8((char)needle[0]);
  const __m256i end = _mm256_set1_epi8((char)needle[m - 1]);
  for (size_t i = 0; i <= last; i += 32) {
    __m256i a = _mm256_loadu_si256((const __m256i *)(h + i));
    __m256i b = _mm256_loadu_si256((const __m256i *)(h + i + m - 1));
    uint32_t hits = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(_mm256_cmpeq_epi8(a, first), _mm256_cmpeq_epi8(b, end)));
    while (hits) {
      size_t at = i + (size_t)__builtin_ctz(hits);
      if (at > last) return -1;
      if (m <= 2 || memcmp(h + at + 1, needle + 1, m - 2) == 0) return (ptrdiff_t)at;
      hits &= hits - 1;
    }
  }
  return -1;
#else
  for (size_t i = 0; i <= last; i++) {
    const uint8_t *p = memchr(h + i, needle[0], last - i + 1);
    if (!p) return -1;
    i = (size_t)(p - h);
    if (memcmp(p, needle, m) == 0) return (ptrdiff_t)i;
  }
  return -1;
#endif
}

int mp_unpack32(const uint8_t *source, size_t available, unsigned width, size_t count, uint32_t *out) {
  if (width > 32) return 0;
  if (width == 0) { memset(out, 0, count * sizeof *out); return 1; }
  if (count > (available * 8) / width) return 0;
  size_t i = 0;
  const uint32_t mask = width == 32 ? 0xffffffffu : ((1u << width) - 1);
#if defined(__AVX2__)
  if (width <= 25) {
    // Eight values lie in `width` bytes: each 32-bit lane gathers the 4 bytes its value starts in, then shifts.
    int32_t bytes[8]; int32_t shifts[8];
    for (int k = 0; k < 8; k++) { bytes[k] = (int32_t)((unsigned)k * width / 8); shifts[k] = (int32_t)((unsigned)k * width % 8); }
    const __m256i index = _mm256_loadu_si256((const __m256i *)bytes);
    const __m256i shift = _mm256_loadu_si256((const __m256i *)shifts);
    const __m256i keep = _mm256_set1_epi32((int)mask);
    const uint8_t *p = source;
    // a gather reads 4 bytes from the last value's first byte: stop while that may pass the end
    while (i + 8 <= count && (size_t)(p - source) + width + 4 <= available) {
      __m256i v = _mm256_i32gather_epi32((const int *)p, index, 1);
      _mm256_storeu_si256((__m256i *)(out + i), _mm256_and_si256(_mm256_srlv_epi32(v, shift), keep));
      p += width; i += 8;
    }
  }
#endif
  size_t bit = i * width;
  for (; i < count; i++, bit += width) {
    size_t byte = bit >> 3; unsigned offset = bit & 7;
    uint64_t v = 0;
    size_t left = available - byte;
    memcpy(&v, source + byte, left < 8 ? left : 8);
    out[i] = (uint32_t)(v >> offset) & mask;
  }
  return 1;
}

size_t mp_indices(const uint64_t *mask, size_t count, uint32_t *out) {
  size_t n = 0;
  for (size_t w = 0; w * 64 < count; w++) {
    uint64_t bits = mask[w];
    size_t left = count - w * 64;
    if (left < 64) bits &= ((uint64_t)1 << left) - 1;
    uint32_t base = (uint32_t)(w * 64);
    if (bits == ~(uint64_t)0) {
      for (uint32_t k = 0; k < 64; k++) out[n + k] = base + k;
      n += 64;
      continue;
    }
    while (bits) { out[n++] = base + (uint32_t)__builtin_ctzll(bits); bits &= bits - 1; }
  }
  return n;
}
