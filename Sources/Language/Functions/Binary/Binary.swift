import Expressions
import Values
import Vectors

extension Function {
  static let binary: [Function] = [
    .scalar("to_hex", "Hexadecimal digits of bytes") { (x: Binary, out: inout TextWriter) in
      x.bytes.withBytes { Encoding.hex($0) }.withUnsafeBytes { out.write($0) }
    },
    decoder("from_hex", "Bytes of hexadecimal digits") { try Encoding.fromHex($0) },
    decoderOfBytes("from_hex", "Bytes of hexadecimal digits") { try Encoding.fromHex($0) },
    encoder("to_base64", "Base64 of bytes") { Encoding.base64($0, isURL: false) },
    decoder("from_base64", "Bytes of base64") { try Encoding.fromBase64($0, isURL: false) },
    decoderOfBytes("from_base64", "Bytes of base64") { try Encoding.fromBase64($0, isURL: false) },
    encoder("to_base64url", "Base64 of bytes in the alphabet of URLs") { Encoding.base64($0, isURL: true) },
    decoder("from_base64url", "Bytes of base64 in the alphabet of URLs") { try Encoding.fromBase64($0, isURL: true) },
    decoderOfBytes("from_base64url", "Bytes of base64 in the alphabet of URLs") { try Encoding.fromBase64($0, isURL: true) },
    encoder("to_base32", "Base32 of bytes") { Encoding.base32($0) },
    decoder("from_base32", "Bytes of base32") { try Encoding.fromBase32($0) },
    decoderOfBytes("from_base32", "Bytes of base32") { try Encoding.fromBase32($0) },
    digest("md5", "MD5 digest") { Digest.md5($0) }, digest("sha1", "SHA-1 digest") { Digest.sha1($0) },
    digest("sha256", "SHA-256 digest") { Digest.sha256($0) }, digest("sha512", "SHA-512 digest") { Digest.sha512($0) },
    digest("murmur3", "128-bit MurmurHash3") { bytes in bytes.withUnsafeBytes { Hash.murmur3($0) } },
    digest("murmur3_x64_128", "128-bit MurmurHash3") { bytes in bytes.withUnsafeBytes { Hash.murmur3($0) } },
    digest("spooky_hash_v2_32", "32-bit SpookyHash V2") { bytes in
      Array(bigEndian(bytes.withUnsafeBytes { SpookyHash.hash($0) }).suffix(4))
    },
    digest("spooky_hash_v2_64", "64-bit SpookyHash V2") { bytes in bigEndian(bytes.withUnsafeBytes { SpookyHash.hash($0) }) },
    digest("xxhash64", "64-bit xxHash") { bytes in bigEndian(bytes.withUnsafeBytes { XXHash64.hash($0) }) },
    .scalar("xxhash64", "64-bit xxHash with a seed", returning: .varbinary) { (x: Binary, seed: Int64, out: inout TextWriter) in
      let hash = x.bytes.withBytes { XXHash64.hash($0, seed: UInt64(bitPattern: seed)) }
      bigEndian(hash).withUnsafeBytes { out.write($0) }
    },
    hmac("hmac_md5", "HMAC with MD5", block: 64) { Digest.md5($0) }, hmac("hmac_sha1", "HMAC with SHA-1", block: 64) { Digest.sha1($0) },
    hmac("hmac_sha256", "HMAC with SHA-256", block: 64) { Digest.sha256($0) },
    hmac("hmac_sha512", "HMAC with SHA-512", block: 128) { Digest.sha512($0) },
    .scalar("crc32", "CRC-32 checksum") { (x: Binary) in Int64(x.bytes.withBytes { Hash.crc32($0) }) },
    .scalar("fnv1_32", "32-bit FNV-1") { (x: Binary) in Hash.fnv32(x.bytes.array, xorFirst: false) },
    .scalar("fnv1a_32", "32-bit FNV-1a") { (x: Binary) in Hash.fnv32(x.bytes.array, xorFirst: true) },
    .scalar("fnv1_64", "64-bit FNV-1") { (x: Binary) in Hash.fnv64(x.bytes.array, xorFirst: false) },
    .scalar("fnv1a_64", "64-bit FNV-1a") { (x: Binary) in Hash.fnv64(x.bytes.array, xorFirst: true) },
    .scalar("to_big_endian_64", "Eight bytes of a number, most significant first", returning: .varbinary) {
      (x: Int64, out: inout TextWriter) in
      bigEndian(UInt64(bitPattern: x)).withUnsafeBytes { out.write($0) }
    },
    .scalar("to_big_endian_32", "Four bytes of a number, most significant first", returning: .varbinary) {
      (x: Int32, out: inout TextWriter) in
      bigEndian(UInt32(bitPattern: x)).withUnsafeBytes { out.write($0) }
    },
    .scalar("from_big_endian_64", "The number of eight bytes") { (x: Binary) -> Int64 in
      guard x.bytes.count == 8 else { throw invalidArgument("expected 8-byte input, but got instead: \(x.bytes.count)") }
      return Int64(bitPattern: word(x.bytes))
    },
    .scalar("from_big_endian_32", "The number of four bytes") { (x: Binary) -> Int32 in
      guard x.bytes.count == 4 else { throw invalidArgument("expected 4-byte input, but got instead: \(x.bytes.count)") }
      return Int32(truncatingIfNeeded: word(x.bytes))
    },
    .scalar("to_ieee754_64", "Eight bytes of a double", returning: .varbinary) { (x: Double, out: inout TextWriter) in
      bigEndian(x.isNaN ? 0x7FF8_0000_0000_0000 : x.bitPattern).withUnsafeBytes { out.write($0) }
    },
    .scalar("to_ieee754_32", "Four bytes of a real", returning: .varbinary) { (x: Float, out: inout TextWriter) in
      bigEndian(x.isNaN ? 0x7FC0_0000 : x.bitPattern).withUnsafeBytes { out.write($0) }
    },
    .scalar("from_ieee754_64", "The double of eight bytes") { (x: Binary) -> Double in
      guard x.bytes.count == 8 else { throw invalidArgument("Input floating-point value must be exactly 8 bytes long") }
      return Double(bitPattern: word(x.bytes))
    },
    .scalar("from_ieee754_32", "The real of four bytes") { (x: Binary) -> Float in
      guard x.bytes.count == 4 else { throw invalidArgument("Input floating-point value must be exactly 4 bytes long") }
      return Float(bitPattern: UInt32(truncatingIfNeeded: word(x.bytes)))
    },
  ]

  private static func encoder(_ name: String, _ summary: String, _ encode: @escaping @Sendable ([UInt8]) -> [UInt8]) -> Function {
    .scalar(name, summary) { (x: Binary, out: inout TextWriter) in encode(x.bytes.array).withUnsafeBytes { out.write($0) } }
  }

  private static func decoder(_ name: String, _ summary: String, _ decode: @escaping @Sendable ([UInt8]) throws -> [UInt8]) -> Function {
    .scalar(name, summary, returning: .varbinary) { (x: Text, out: inout TextWriter) in
      try decode(x.array).withUnsafeBytes { out.write($0) }
    }
  }

  private static func decoderOfBytes(_ name: String, _ summary: String, _ decode: @escaping @Sendable ([UInt8]) throws -> [UInt8])
    -> Function
  {
    .scalar(name, summary, returning: .varbinary) { (x: Binary, out: inout TextWriter) in
      try decode(x.bytes.array).withUnsafeBytes { out.write($0) }
    }
  }

  private static func digest(_ name: String, _ summary: String, _ compute: @escaping @Sendable ([UInt8]) -> [UInt8]) -> Function {
    .scalar(name, summary, returning: .varbinary) { (x: Binary, out: inout TextWriter) in
      compute(x.bytes.array).withUnsafeBytes { out.write($0) }
    }
  }

  private static func hmac(
    _ name: String, _ summary: String, block: Int, _ compute: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) -> Function {
    .scalar(name, summary, returning: .varbinary) { (x: Binary, key: Binary, out: inout TextWriter) in
      Digest.hmac(x.bytes.array, key: key.bytes.array, block: block, compute).withUnsafeBytes { out.write($0) }
    }
  }
}

private func bigEndian<T: FixedWidthInteger>(_ x: T) -> [UInt8] { withUnsafeBytes(of: x.bigEndian) { [UInt8]($0) } }

private func word(_ x: Bytes) -> UInt64 { x.array.reduce(0) { $0 << 8 | UInt64($1) } }
