#include <stdio.h>
#include <editline/readline.h>

// libedit keeps its settings in global variables, which Swift cannot touch safely; the prompt's one thread sets them through these.
static inline void mp_edit_set_completion(char **(*complete)(const char *, int, int)) { rl_attempted_completion_function = complete; }
static inline void mp_edit_end_completion(void) { rl_attempted_completion_over = 1; }
static inline void mp_edit_set_word_breaks(void) { rl_basic_word_break_characters = " \t\n,()[]'+-*/%<>=;|"; }
static inline void mp_edit_set_appended(char character) { rl_completion_append_character = character; }
static inline void mp_edit_set_reader(int (*read)(FILE *)) { rl_getc_function = read; }
static inline const char *mp_edit_line(void) { return rl_line_buffer; }
static inline int mp_edit_history_count(void) { return history_length; }
static inline const char *mp_edit_history_line(int index) {
  HIST_ENTRY *entry = history_get(history_base + index);
  return entry ? entry->line : 0;
}
