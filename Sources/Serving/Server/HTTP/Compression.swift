import CCompression
import Glibc
import Hummingbird

/// Bodies compressed for clients that say they can read it.
enum Compression: Sendable {
  case gzip, zstd

  /// Smaller bodies are not worth it.
  static let threshold = 4096

  var name: String {
    switch self {
    case .gzip: "gzip"
    case .zstd: "zstd"
    }
  }

  /// The best of what an `Accept-Encoding` header offers; nil: nothing we have.
  static func accepted(_ header: String?) -> Compression? {
    let offers = offers(header)
    return offers.contains("zstd") ? .zstd : offers.contains("gzip") ? .gzip : nil
  }

  static func accepts(gzip header: String?) -> Bool { offers(header).contains("gzip") }

  private static func offers(_ header: String?) -> Set<String> {
    var offers = Set<String>()
    for entry in (header ?? "").split(separator: ",") {
      let parts = entry.split(separator: ";").map { URLEncoding.trim($0).lowercased() }
      guard let name = parts.first, !parts.dropFirst().contains(where: { $0 == "q=0" || $0 == "q=0.0" }) else { continue }
      offers.insert(name)
    }
    return offers
  }

  /// nil: it did not work, send it as it is.
  func compress(_ body: ByteBuffer) -> ByteBuffer? {
    body.withUnsafeReadableBytes { raw in
      switch self {
      case .gzip: Compression.gzip(raw)
      case .zstd: Compression.zstd(raw)
      }
    }
  }

  private static func gzip(_ raw: UnsafeRawBufferPointer) -> ByteBuffer? {
    guard raw.count <= Int(UInt32.max), let source = raw.baseAddress else { return nil }
    var stream = z_stream()
    // 15 + 16: the largest window, a gzip header
    guard
      deflateInit2_(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    let room = Int(deflateBound(&stream, UInt(raw.count)))
    var result = ByteBuffer()
    var isWhole = false
    result.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { target in
      stream.next_in = UnsafeMutablePointer(mutating: source.assumingMemoryBound(to: UInt8.self))
      stream.avail_in = UInt32(raw.count)
      stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(clamping: target.count)
      isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END
      return Int(stream.total_out)
    }
    return isWhole ? result : nil
  }

  private static func zstd(_ raw: UnsafeRawBufferPointer) -> ByteBuffer? {
    var result = ByteBuffer()
    var isWhole = false
    result.writeWithUnsafeMutableBytes(minimumWritableBytes: ZSTD_compressBound(raw.count)) { target in
      let count = ZSTD_compress(target.baseAddress, target.count, raw.baseAddress, raw.count, 1)
      isWhole = ZSTD_isError(count) == 0
      return isWhole ? count : 0
    }
    return isWhole ? result : nil
  }
}
