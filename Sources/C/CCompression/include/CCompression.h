#pragma once
// The codecs' own headers; Swift calls them directly.
#include <zstd.h>
#include <snappy-c.h>
#include <lz4.h>
#include <zlib.h>
#include <brotli/decode.h>
#include <brotli/encode.h>
