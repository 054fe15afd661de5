import CCompression
import Vectors

/// Undoes the codecs of pages. Owned by one thread; keeps the codecs' working memory.
final class Decompressor {
  private var zstd: OpaquePointer?
  private var inflater: UnsafeMutablePointer<z_stream>?

  deinit {
    if let zstd { ZSTD_freeDCtx(zstd) }
    if let inflater {
      inflateEnd(inflater)
      inflater.deinitialize(count: 1)
      inflater.deallocate()
    }
  }

  /// Refuses, before any memory is taken for it, a page whose header claims more than its codec can hold.
  static func check(_ codec: CompressionCodec, _ source: UnsafePointer<UInt8>, _ count: Int, claims size: Int) throws(Malformed) {
    switch codec {
    case .uncompressed: if size != count { throw Malformed("an uncompressed page of \(count) bytes claims \(size)") }
    case .snappy:
      var length = 0
      let status = source.withMemoryRebound(to: CChar.self, capacity: count) { snappy_uncompressed_length($0, count, &length) }
      guard status == SNAPPY_OK, length == size else {
        throw Malformed("the snappy data does not have the \(size) bytes that the page claims")
      }
    case .gzip: if size / 1040 > count { throw Malformed("the gzip data cannot hold the \(size) bytes that the page claims") }
    case .lz4, .lz4Raw: if size / 256 > count { throw Malformed("the lz4 data cannot hold the \(size) bytes that the page claims") }
    case .lzo, .brotli, .zstd: break
    }
  }

  /// Exactly `size` bytes into `target`, which has room for 64 more.
  func decompress(
    _ codec: CompressionCodec, _ source: UnsafePointer<UInt8>, _ count: Int, into target: UnsafeMutableRawPointer, size: Int
  ) throws(Malformed) {
    switch codec {
    case .uncompressed:
      guard size == count else { throw Malformed("an uncompressed page of \(count) bytes claims \(size)") }
      target.copyMemory(from: source, byteCount: size)
    case .snappy:
      var length = size
      let status = source.withMemoryRebound(to: CChar.self, capacity: count) { from in
        snappy_uncompress(from, count, target.assumingMemoryBound(to: CChar.self), &length)
      }
      guard status == SNAPPY_OK, length == size else { throw Malformed("the snappy data is damaged") }
    case .zstd:
      if zstd == nil { zstd = ZSTD_createDCtx() }
      let length = ZSTD_decompressDCtx(zstd, target, size, source, count)
      guard ZSTD_isError(length) == 0, length == size else { throw Malformed("the zstd data is damaged") }
    case .gzip: try inflate(source, count, target, size)
    case .lz4Raw: try lz4(source, count, target, size)
    case .lz4: try lz4Framed(source, count, target, size)
    case .brotli:
      var length = size
      let result = BrotliDecoderDecompress(count, source, &length, target.assumingMemoryBound(to: UInt8.self))
      guard result == BROTLI_DECODER_RESULT_SUCCESS, length == size else { throw Malformed("the brotli data is damaged") }
    case .lzo: throw Malformed("LZO compression is not supported")
    }
  }

  /// gzip or zlib data, one member or several in a row.
  private func inflate(_ source: UnsafePointer<UInt8>, _ count: Int, _ target: UnsafeMutableRawPointer, _ size: Int) throws(Malformed) {
    guard count <= Int(UInt32.max), size <= Int(UInt32.max) else { throw Malformed("the gzip data is too large") }
    let stream: UnsafeMutablePointer<z_stream>
    if let inflater {
      stream = inflater
    } else {
      stream = .allocate(capacity: 1)
      stream.initialize(to: z_stream())
      // 15: the largest window; 32: gzip and zlib headers told apart
      guard inflateInit2_(stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        stream.deallocate()
        throw Malformed("zlib has no memory")
      }
      inflater = stream
    }
    inflateReset(stream)
    stream.pointee.next_in = UnsafeMutablePointer(mutating: source)
    stream.pointee.avail_in = UInt32(count)
    stream.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(size)
    while true {
      let before = (stream.pointee.avail_in, stream.pointee.avail_out)
      let status = CCompression.inflate(stream, Z_NO_FLUSH)
      if status == Z_STREAM_END {
        if stream.pointee.avail_out == 0 { return }
        guard stream.pointee.avail_in > 0, inflateReset(stream) == Z_OK else { break }
      } else if status == Z_OK || status == Z_BUF_ERROR {
        // all of the page is there; what remains can only be the trailer
        if stream.pointee.avail_out == 0 && stream.pointee.avail_in == 0 { return }
        if before == (stream.pointee.avail_in, stream.pointee.avail_out) {
          if stream.pointee.avail_out == 0 { return }
          break
        }
      } else {
        break
      }
    }
    throw Malformed("the gzip data is damaged")
  }

  private func lz4(_ source: UnsafePointer<UInt8>, _ count: Int, _ target: UnsafeMutableRawPointer, _ size: Int) throws(Malformed) {
    guard count <= Int(Int32.max), size <= Int(Int32.max) else { throw Malformed("the lz4 data is too large") }
    let length = source.withMemoryRebound(to: CChar.self, capacity: count) { from in
      LZ4_decompress_safe(from, target.assumingMemoryBound(to: CChar.self), Int32(count), Int32(size))
    }
    guard Int(length) == size else { throw Malformed("the lz4 data is damaged") }
  }

  /// Codec LZ4 means Hadoop's frames (u32 plain size, then blocks of u32 compressed size and data, big-endian), but some writers put one bare
  /// block there.
  private func lz4Framed(_ source: UnsafePointer<UInt8>, _ count: Int, _ target: UnsafeMutableRawPointer, _ size: Int) throws(Malformed) {
    func number(_ at: Int) -> Int { Int(UnsafeRawPointer(source + at).loadUnaligned(as: UInt32.self).byteSwapped) }
    var from = 0
    var to = 0
    while count - from >= 8 {
      let plain = number(from)
      guard plain > 0, plain <= size - to else { return try lz4(source, count, target, size) }
      from += 4
      let end = to + plain
      while to < end {
        guard count - from >= 4 else { return try lz4(source, count, target, size) }
        let packed = number(from)
        from += 4
        guard packed > 0, packed <= count - from else { return try lz4(source, count, target, size) }
        let length = (source + from).withMemoryRebound(to: CChar.self, capacity: packed) { block in
          LZ4_decompress_safe(block, (target + to).assumingMemoryBound(to: CChar.self), Int32(packed), Int32(end - to))
        }
        guard length > 0 else { return try lz4(source, count, target, size) }
        from += packed
        to += Int(length)
      }
    }
    if to != size || from != count { try lz4(source, count, target, size) }
  }
}

/// CRC-32 as gzip computes it.
func checksumOf(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
  UInt32(truncatingIfNeeded: crc32_z(0, bytes, count))
}
