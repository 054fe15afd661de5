import Vectors

/// Equal pieces of memory that stay where they are, out of ever larger chunks; what is given back is taken again first.
struct PieceSlab {
  let pieceBytes: Int
  private(set) var byteCount = 0
  private var chunks: [Buffer] = []
  private var next: UnsafeMutableRawPointer?
  private var left = 0
  private var free: [UnsafeMutableRawPointer] = []

  /// Two huge pages.
  private static let mostChunkBytes = 4 << 20

  init(pieceBytes: Int) { self.pieceBytes = pieceBytes }

  /// A piece with anything in it, valid as long as the slab is.
  mutating func take() -> UnsafeMutableRawPointer {
    if let piece = free.popLast() { return piece }
    guard left > 0, let piece = next else {
      // as many again as there are
      let count = max(min(byteCount, PieceSlab.mostChunkBytes) / pieceBytes, 1)
      let chunk = Buffer(byteCount: count * pieceBytes)
      chunks.append(chunk)
      byteCount += chunk.byteCount
      left = count - 1
      next = chunk.base + pieceBytes
      return chunk.base
    }
    left -= 1
    next = piece + pieceBytes
    return piece
  }

  mutating func give(_ piece: UnsafeMutableRawPointer) { free.append(piece) }
}
