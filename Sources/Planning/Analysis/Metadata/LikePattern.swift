import Values

/// LIKE for names in SHOW: `%` any characters, `_` one. Case counts.
struct LikePattern {
  private enum Piece {
    case any, one
    case exactly(Unicode.Scalar)
  }
  private let pieces: [Piece]

  /// Throws INVALID_FUNCTION_ARGUMENT for an escape that is no single character.
  init(_ pattern: String, escape: String?) throws {
    if let escape, escape.unicodeScalars.count != 1 {
      throw PrestoError(.invalidFunctionArgument, "Escape string must be a single character")
    }
    var pieces: [Piece] = []
    var isEscaped = false
    for scalar in pattern.unicodeScalars {
      if isEscaped {
        pieces.append(.exactly(scalar))
        isEscaped = false
      } else if let first = escape?.unicodeScalars.first, scalar == first {
        isEscaped = true
      } else {
        pieces.append(scalar == "%" ? .any : scalar == "_" ? .one : .exactly(scalar))
      }
    }
    self.pieces = pieces
  }

  func matches(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    // The last `%` seen and where it began to match: enough to go back to.
    var retry: (piece: Int, start: Int)?
    var piece = 0
    var position = 0
    while position < scalars.count {
      if piece < pieces.count {
        switch pieces[piece] {
        case .any:
          retry = (piece, position)
          piece += 1
          continue
        case .one:
          piece += 1
          position += 1
          continue
        case .exactly(let scalar) where scalar == scalars[position]:
          piece += 1
          position += 1
          continue
        case .exactly: break
        }
      }
      guard let last = retry else { return false }
      retry = (last.piece, last.start + 1)
      piece = last.piece + 1
      position = last.start + 1
    }
    return pieces[piece...].allSatisfy { if case .any = $0 { true } else { false } }
  }
}
