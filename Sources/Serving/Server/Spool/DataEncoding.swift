import CCompression
import Hummingbird

/// How rows travel in Trino's spooled protocol: segments of JSON, compressed or not, beside the pages.
enum DataEncoding: String, Sendable, CaseIterable {
  case zstd = "json+zstd"
  case lz4 = "json+lz4"
  case plain = "json"

  /// Shorter segments are not compressed.
  static let threshold = 8192

  /// The first of the client's list that we have; nil: it asks for none of ours.
  static func accepted(_ header: String?) -> DataEncoding? {
    ClientRequest.list(header).lazy.compactMap { DataEncoding(rawValue: $0.lowercased()) }.first
  }

  /// nil: not worth it, or not possible; the segment then goes as it is.
  func compress(_ body: ByteBuffer) -> ByteBuffer? {
    if body.readableBytes < DataEncoding.threshold { return nil }
    switch self {
    case .plain: return nil
    case .zstd: return Compression.zstd.compress(body)
    case .lz4: return DataEncoding.lz4(body)
    }
  }

  /// One block without a frame: the client is told the size beside it.
  private static func lz4(_ body: ByteBuffer) -> ByteBuffer? {
    guard let count = Int32(exactly: body.readableBytes) else { return nil }
    let room = LZ4_compressBound(count)
    guard room > 0 else { return nil }
    var result = ByteBuffer()
    var isWhole = false
    body.withUnsafeReadableBytes { raw in
      _ = result.writeWithUnsafeMutableBytes(minimumWritableBytes: Int(room)) { target in
        guard let from = raw.baseAddress, let to = target.baseAddress else { return 0 }
        let written = LZ4_compress_default(
          from.assumingMemoryBound(to: CChar.self), to.assumingMemoryBound(to: CChar.self), count, Int32(clamping: target.count))
        isWhole = written > 0
        return max(0, Int(written))
      }
    }
    return isWhole ? result : nil
  }
}
