#include <stdio.h>
#include <editline/readline.h>

// libedit keeps its settings in global variables, which Swift cannot touch safely; the prompt's one thread sets them through these.
static inline void mp_edit_set_completion(char **(*complete)(const char *, int, int)) { rl_attempted_completion_function = complete; }
static inline void mp_edit_end_completion(void) { rl_attempted_completion_over = 1; }
static inline int mp_edit_history_count(void) { return history_length; }
static inline const char *mp_edit_history_line(int index) {
  HIST_ENTRY *entry = history_get(history_base + index);
  return entry ? entry->line : 0;
}
