import CCompression
import Values
import Vectors

/// Compresses pages. Owned by one thread.
final class Compressor {
  let codec: CompressionCodec
  private let level: Int32?
  private var zstd: OpaquePointer?

  init(_ codec: CompressionCodec, level: Int?) throws {
    if codec == .lzo || codec == .lz4 { throw PrestoError(.notSupported, "Parquet files are not written with codec \(codec); use lz4Raw") }
    self.codec = codec
    self.level = level.flatMap { Int32(exactly: $0) }
  }

  deinit { if let zstd { ZSTD_freeCCtx(zstd) } }

  /// Appends the compressed bytes to `sink`.
  func compress(_ source: UnsafeRawPointer, _ count: Int, into sink: inout ByteSink) throws {
    guard count <= Int(Int32.max) else { throw PrestoError(.parquetWriterFailed, "a page of \(count) bytes is too large") }
    let from = source.assumingMemoryBound(to: UInt8.self)
    switch codec {
    case .uncompressed: sink.append(source, count)
    case .snappy:
      let room = snappy_max_compressed_length(count)
      let target = sink.reserve(room)
      var length = room
      let status = snappy_compress(
        source.assumingMemoryBound(to: CChar.self), count, target.assumingMemoryBound(to: CChar.self), &length)
      try check(status == SNAPPY_OK)
      sink.advance(length)
    case .zstd:
      if zstd == nil { zstd = ZSTD_createCCtx() }
      let room = ZSTD_compressBound(count)
      let length = ZSTD_compressCCtx(zstd, sink.reserve(room), room, source, count, level ?? 3)
      try check(ZSTD_isError(length) == 0)
      sink.advance(length)
    case .gzip: try deflate(from, count, into: &sink)
    case .lz4Raw:
      let room = LZ4_compressBound(Int32(count))
      let length = LZ4_compress_default(
        source.assumingMemoryBound(to: CChar.self), sink.reserve(Int(room)).assumingMemoryBound(to: CChar.self), Int32(count), room)
      try check(length > 0)
      sink.advance(Int(length))
    case .brotli:
      let room = BrotliEncoderMaxCompressedSize(count)
      try check(room > 0)
      var length = room
      let done = BrotliEncoderCompress(
        level ?? 5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, count, from, &length, sink.reserve(room).assumingMemoryBound(to: UInt8.self)
      )
      try check(done != 0)
      sink.advance(length)
    case .lzo, .lz4: try check(false)
    }
  }

  private func check(_ isFine: Bool) throws {
    if !isFine { throw PrestoError(.parquetWriterFailed, "codec \(codec) cannot compress a page") }
  }

  private func deflate(_ source: UnsafePointer<UInt8>, _ count: Int, into sink: inout ByteSink) throws {
    var stream = z_stream()
    // 15 + 16: the largest window, a gzip header
    try check(
      deflateInit2_(
        &stream, level ?? Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK)
    defer { deflateEnd(&stream) }
    let room = Int(deflateBound(&stream, UInt(count)))
    stream.next_in = UnsafeMutablePointer(mutating: source)
    stream.avail_in = UInt32(count)
    stream.next_out = sink.reserve(room).assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(room)
    try check(CCompression.deflate(&stream, Z_FINISH) == Z_STREAM_END)
    sink.advance(room - Int(stream.avail_out))
  }
}
