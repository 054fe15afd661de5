@_spi(_Unicode) import Swift
import Values
import Vectors

/// Unicode normalization as far as the standard library has it: its own comparison of strings rests on forms C and D.
enum Normalization {
  /// Throws NOT_SUPPORTED for the compatibility forms of texts that have compatibility characters, of which the library has no tables.
  static func write(_ text: String, _ form: String, _ out: inout TextWriter) throws {
    let isCompatible = form.hasPrefix("NFK")
    if isCompatible, let odd = text.unicodeScalars.first(where: { hasCompatibilityMapping($0) }) {
      throw PrestoError(.notSupported, "\(form) of the character U+\(String(odd.value, radix: 16, uppercase: true)) is not supported")
    }
    if form.hasSuffix("D") {
      for scalar in text._nfd { out.write(scalar: scalar.value) }
    } else {
      for scalar in text._nfc { out.write(scalar: scalar.value) }
    }
  }

  /// Blocks and characters with compatibility mappings: a superset, so that a wrong answer is never given.
  private static func hasCompatibilityMapping(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xA0, 0xA8, 0xAA, 0xAF, 0xB2...0xB5, 0xB8...0xBA, 0xBC...0xBE, 0x132...0x133, 0x13F...0x140, 0x149, 0x17F, 0x1C4...0x1CC,
      0x1F1...0x1F3,
      0x2B0...0x2B8, 0x2D8...0x2DD, 0x2E0...0x2E4, 0x37A, 0x384, 0x3D0...0x3D6, 0x3F0...0x3F9, 0x587, 0x675...0x678, 0xE33, 0xEB3,
      0xEDC...0xEDD,
      0xF0C, 0xF77, 0xF79, 0x10FC, 0x1D2C...0x1DBF, 0x1E9A...0x1E9B, 0x1FBD...0x1FFE, 0x2000...0x20A8, 0x2100...0x218B, 0x222C...0x2230,
      0x2460...0x24EA, 0x2A0C, 0x2A74...0x2A76, 0x2C7C...0x2C7D, 0x2D6F, 0x2E9F, 0x2EF3, 0x2F00...0x2FDF, 0x3000, 0x3036...0x303A,
      0x309B...0x309F,
      0x30FF, 0x3131...0x33FF, 0xA69C...0xA69D, 0xA770, 0xA7F2...0xA7F9, 0xAB5C...0xAB69, 0xFB00...0xFDFF, 0xFE10...0xFE19, 0xFE30...0xFEFC,
      0xFF01...0xFFEE, 0x1D400...0x1D7FF, 0x1EE00...0x1EEFF, 0x1F100...0x1F2FF:
      true
    default: false
    }
  }
}
