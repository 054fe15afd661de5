#pragma once

// What a program asks callgrind, the instruction counter, while it runs under it. Each is a few instructions without effect anywhere else, and
// nothing at all where valgrind's headers were missing when it was built.
#if __has_include(<valgrind/callgrind.h>)
  #include <valgrind/callgrind.h>

/// Counts every thread's instructions from now on, from zero.
static inline void mp_counting_begins(void) {
  CALLGRIND_START_INSTRUMENTATION;
  CALLGRIND_ZERO_STATS;
}

/// Writes what was counted to a file of its own, with the name in its `desc:` line, and counts no more.
static inline void mp_counting_ends(const char *name) {
  CALLGRIND_DUMP_STATS_AT(name);
  CALLGRIND_STOP_INSTRUMENTATION;
}
#else
static inline void mp_counting_begins(void) {}
static inline void mp_counting_ends(const char *name) { (void)name; }
#endif
