#pragma once
#include <stddef.h>
#include <stdint.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A regular expression compiled by RE2, which matches in time linear in the text. May be used by several threads at once.
typedef struct linear_regex linear_regex;

/// Of a pattern in RE2's syntax, with at most `memory` bytes for its automata. NULL: RE2 does not take it.
linear_regex *linear_regex_create(const char *pattern, size_t length, int64_t memory);
void linear_regex_free(linear_regex *regex);
int linear_regex_groups(const linear_regex *regex);

/// The first match at or after `start` of a text that is valid UTF-8: 1 and the starts and ends of the match and of the groups that follow it, `count`
/// pairs in all (at least one), as PCRE2 has them; 0: none; -1: no memory.
int linear_regex_find(const linear_regex *regex, const char *text, size_t length, size_t start, size_t *places, size_t count);

#ifdef __cplusplus
}
#endif
