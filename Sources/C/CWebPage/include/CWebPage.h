#ifndef MINIPRESTO_WEB_PAGE_H
#define MINIPRESTO_WEB_PAGE_H

#include <stddef.h>

/// A file of `Sources/Serving/Server/UI`.
typedef struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} mp_web_file;

extern const mp_web_file mp_web_files[];
extern const size_t mp_web_file_count;

/// `mp_web_files[index]`; an array of unknown length is nothing that Swift can see.
static inline mp_web_file mp_web_file_at(size_t index) { return mp_web_files[index]; }

#endif
