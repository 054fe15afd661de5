import CCompression
import Values

/// Undoes gzip or zstd piece by piece, for files that are read from front to back. Owned by one task.
package final class InflatingStream {
  package enum Codec: Sendable { case none, gzip, zstd }

  private let codec: Codec
  private let name: String
  private var zstd: OpaquePointer?
  private var inflater: UnsafeMutablePointer<z_stream>?
  /// Whether the data may end here: between two frames or members.
  private var isBetween = true

  /// `name`: what errors call the file.
  package init(_ codec: Codec, name: String) throws {
    self.codec = codec
    self.name = name
    switch codec {
    case .none: break
    case .zstd:
      zstd = ZSTD_createDStream()
      guard zstd != nil else { throw PrestoError(.genericInternalError, "zstd has no memory") }
    case .gzip:
      let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
      stream.initialize(to: z_stream())
      // 15: the largest window; 32: gzip and zlib headers told apart
      guard inflateInit2_(stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        stream.deinitialize(count: 1)
        stream.deallocate()
        throw PrestoError(.genericInternalError, "zlib has no memory")
      }
      inflater = stream
    }
  }

  deinit {
    if let zstd { ZSTD_freeDStream(zstd) }
    if let inflater {
      inflateEnd(inflater)
      inflater.deinitialize(count: 1)
      inflater.deallocate()
    }
  }

  private var damaged: PrestoError { PrestoError(.parquetBadData, "\(name): the compressed data is damaged") }

  /// What `bytes` stand for, added to `target`.
  package func feed(_ bytes: ArraySlice<UInt8>, into target: inout [UInt8]) throws {
    switch codec {
    case .none: target += bytes
    case .zstd: try feedZstd(bytes, &target)
    case .gzip: try feedGzip(bytes, &target)
    }
  }

  /// All bytes have been fed. Throws where the data breaks off.
  package func end() throws { if !isBetween { throw PrestoError(.parquetBadData, "\(name): the compressed data breaks off") } }

  private static let room = 256 << 10

  private func feedZstd(_ bytes: ArraySlice<UInt8>, _ target: inout [UInt8]) throws {
    guard let zstd else { return }
    try bytes.withUnsafeBytes { raw in
      var input = ZSTD_inBuffer(src: raw.baseAddress, size: raw.count, pos: 0)
      var isFull = false
      while input.pos < input.size || isFull {
        var status = 0
        let part = [UInt8](unsafeUninitializedCapacity: InflatingStream.room) { space, count in
          var output = ZSTD_outBuffer(dst: space.baseAddress, size: space.count, pos: 0)
          status = ZSTD_decompressStream(zstd, &output, &input)
          count = output.pos
        }
        guard ZSTD_isError(status) == 0 else { throw damaged }
        isBetween = status == 0
        isFull = part.count == InflatingStream.room && status != 0
        target += part
      }
    }
  }

  private func feedGzip(_ bytes: ArraySlice<UInt8>, _ target: inout [UInt8]) throws {
    guard let inflater else { return }
    try bytes.withUnsafeBytes { raw in
      guard let base = raw.bindMemory(to: UInt8.self).baseAddress else { return }
      inflater.pointee.next_in = UnsafeMutablePointer(mutating: base)
      inflater.pointee.avail_in = UInt32(raw.count)
      var isFull = false
      while inflater.pointee.avail_in > 0 || isFull {
        var status = Z_OK
        if isBetween, inflater.pointee.avail_in > 0 { guard inflateReset(inflater) == Z_OK else { throw damaged } }
        let part = [UInt8](unsafeUninitializedCapacity: InflatingStream.room) { space, count in
          inflater.pointee.next_out = space.baseAddress
          inflater.pointee.avail_out = UInt32(space.count)
          status = inflate(inflater, Z_NO_FLUSH)
          count = space.count - Int(inflater.pointee.avail_out)
        }
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw damaged }
        isBetween = status == Z_STREAM_END
        isFull = part.count == InflatingStream.room && status == Z_OK
        target += part
        if status == Z_BUF_ERROR && part.isEmpty { break }
      }
    }
  }
}
