import CWebPage
import Hummingbird

/// A file of the web page: its bytes are part of the program.
struct WebFile: Sendable {
  let type: String
  let body: ByteBuffer
  /// nil: too small to be worth it.
  let compressed: ByteBuffer?
  /// Of the bytes: the same in every build that has the same file. Weak, since it stands for both forms.
  let tag: String

  /// By name.
  static let all: [String: WebFile] = {
    var files: [String: WebFile] = [:]
    for index in 0..<mp_web_file_count {
      let file = mp_web_file_at(index)
      files[String(cString: file.name)] = WebFile(
        String(cString: file.name), ByteBuffer(bytes: UnsafeRawBufferPointer(start: file.bytes, count: file.count)))
    }
    return files
  }()

  init(_ name: String, _ body: ByteBuffer) {
    self.body = body
    type =
      switch name.split(separator: ".").last {
      case "html": "text/html; charset=utf-8"
      case "js": "text/javascript; charset=utf-8"
      case "css": "text/css; charset=utf-8"
      case "svg": "image/svg+xml"
      default: "application/octet-stream"
      }
    compressed = body.readableBytes >= Compression.threshold ? Compression.gzip.compress(body) : nil
    // FNV-1a
    let hash = body.readableBytesView.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    tag = "W/\"" + String(hash, radix: 16) + "\""
  }
}
