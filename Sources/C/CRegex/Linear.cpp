// RE2 behind C functions: no exception leaves them.
#include "CRegex.h"
#include <re2/re2.h>
#include <re2/stringpiece.h>
#include <memory>
#include <vector>

struct linear_regex {
  RE2 program;
  linear_regex(const re2::StringPiece &pattern, const RE2::Options &options) : program(pattern, options) {}
};

linear_regex *linear_regex_create(const char *pattern, size_t length, int64_t memory) {
  try {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(memory);
    auto regex = std::make_unique<linear_regex>(re2::StringPiece(pattern, length), options);
    return regex->program.ok() ? regex.release() : nullptr;
  } catch (...) {
    return nullptr;
  }
}

void linear_regex_free(linear_regex *regex) { delete regex; }

int linear_regex_groups(const linear_regex *regex) { return regex->program.NumberOfCapturingGroups(); }

int linear_regex_find(const linear_regex *regex, const char *text, size_t length, size_t start, size_t *places, size_t count) {
  try {
    // RE2 says by a NULL that a group took no part
    if (text == nullptr) text = "";
    const re2::StringPiece whole(text, length);
    std::vector<re2::StringPiece> parts(count);
    while (regex->program.Match(whole, start, length, RE2::UNANCHORED, parts.data(), static_cast<int>(count))) {
      // RE2 goes byte by byte, so an empty match (\B) may be within a character, where PCRE2 does not look
      start = parts[0].data() - text;
      const bool isWithin = start < length && (text[start] & 0xC0) == 0x80;
      if (isWithin) {
        while (start < length && (text[start] & 0xC0) == 0x80) start++;
        continue;
      }
      for (size_t i = 0; i < count; i++) {
        const bool took = parts[i].data() != nullptr;
        places[2 * i] = took ? parts[i].data() - text : PCRE2_UNSET;
        places[2 * i + 1] = took ? places[2 * i] + parts[i].size() : PCRE2_UNSET;
      }
      return 1;
    }
    return 0;
  } catch (...) {
    return -1;
  }
}
