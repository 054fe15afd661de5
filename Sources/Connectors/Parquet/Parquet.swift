// Parquet: the file format, read and written by our own code, without knowledge of the engine.
//
// In come bytes by position (`ParquetInput`) and batches to write; out go `Batch`es (`RowGroupReader`), what a footer says (`ParquetFile`) and
// files (`ParquetWriter`). Connectors decide which files, which row groups and which columns; this room decodes them.
//
//     "PAR1"
//     row group 0    column chunk 0    [dictionary page] data page … data page
//                    column chunk 1    [dictionary page] data page … data page
//     row group 1    …
//     bloom filters, column indexes (bounds per page), offset indexes (place per page)
//     footer         Thrift compact: schema, row groups, chunks, statistics
//     u32 footer length, "PAR1"
//
//     page           header (Thrift compact) │ v1: compressed (repetition levels │ definition levels │ values)
//                                            │ v2: repetition levels │ definition levels │ compressed (values)
//
// A row group is the unit of work. Its reader walks all columns in step, in windows of up to 8,192 rows:
//
//     filter columns ── decode ──▶ RowFilter ──▶ rows alive ──▶ the other columns decode those rows only; pages without one are never
//                                                               decompressed
//
// Dictionary-encoded chunks stay dictionary vectors whose values are decoded once per chunk; text is views into decompressed pages; fixed-width
// PLAIN pages are handed out as they are. Everything that a file can say is checked: a broken file is a `HIVE_BAD_DATA` error naming the file,
// the column and the page, never a crash.
