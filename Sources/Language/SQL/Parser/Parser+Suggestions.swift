extension Parser {
  /// `Did you mean FROM?` for a word that is nearly one of the keywords that could have stood there. The word before the faulty token is
  /// worth a look too: in `FROM t WEHRE a`, `WEHRE` was taken for an alias.
  func suggestion(at index: Int) -> String? {
    let token = tokens[index]
    guard token.kind == .word, token.keyword == nil, let wanted = expectations?.sorted(at: position) else { return nil }
    let word = text(of: token)
    guard word.utf8.count > 2 else { return nil }
    // `<query>` stands for the words it begins with.
    let candidates =
      wanted.filter { $0.hasPrefix("'") }.map { String($0.dropFirst().dropLast()) }
      + (wanted.contains("<query>") ? ["SELECT", "WITH", "VALUES"] : [])
    let typed = Array(word.uppercased().utf8)
    let near = candidates.filter { $0.utf8.count > 2 }
      .map { (word: $0, distance: Parser.distance(typed, Array($0.utf8))) }
      .filter { $0.distance <= ($0.word.utf8.count > 4 ? 2 : 1) }
      .min { ($0.distance, $0.word) < ($1.distance, $1.word) }
    return near.map { "Did you mean \($0.word)?" }
  }

  /// The least number of insertions, deletions, substitutions and swaps of neighbours that make one word of the other (optimal string
  /// alignment; Damerau 1964).
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    // No keyword is longer; a longer word is near none.
    guard left.count <= 32, right.count <= 32 else { return .max }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 1...max(1, left.count) where row <= left.count {
      var current = [row] + [Int](repeating: 0, count: right.count)
      for column in 1...max(1, right.count) where column <= right.count {
        let cost = left[row - 1] == right[column - 1] ? 0 : 1
        var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          best = min(best, beforeLast[column - 2] + 1)
        }
        current[column] = best
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
