import Expressions
import Values
import Vectors

extension Function {
  static let textSimilarity: [Function] = [
    .scalar("hamming_distance", "Number of places where two texts differ") { (a: Text, b: Text) -> Int64 in
      let x = CodePoints.array(a), y = CodePoints.array(b)
      if x.count != y.count { throw invalidArgument("The input strings to hamming_distance function must have the same length") }
      return Int64(zip(x, y).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) })
    },
    .scalar("levenshtein_distance", "Edits that turn one text into the other") { (a: Text, b: Text) -> Int64 in
      let x = CodePoints.array(a), y = CodePoints.array(b)
      if x.isEmpty { return Int64(y.count) }
      if y.isEmpty { return Int64(x.count) }
      if x.count * y.count > 1_000_000 {
        throw invalidArgument("The combined inputs for Levenshtein distance are too large")
      }
      var row = Array(0...y.count)
      for (i, c) in x.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, d) in y.enumerated() {
          let next = min(row[j + 1] + 1, row[j] + 1, diagonal + (c == d ? 0 : 1))
          diagonal = row[j + 1]
          row[j + 1] = next
        }
      }
      return Int64(row[y.count])
    },
    .scalar("jarowinkler_similarity", "Similarity of two texts from 0 to 1") { (a: Text, b: Text) in
      jaroWinkler(CodePoints.array(a), CodePoints.array(b))
    },
    .scalar("jaro_winkler_similarity", "Similarity of two texts from 0 to 1") { (a: Text, b: Text) in
      jaroWinkler(CodePoints.array(a), CodePoints.array(b))
    },
    .scalar("longest_common_prefix", "What two texts begin with alike") { (a: Text, b: Text) -> Text in
      let same = a.withBytes { x in
        b.withBytes { y -> Int in
          var i = 0
          while i < x.count && i < y.count && x[i] == y[i] { i += 1 }
          while i > 0 && i < x.count && CodePoints.isContinuation(x[i]) { i -= 1 }
          return i
        }
      }
      return a.part(0..<same)
    },
    .scalar("soundex", "How a word sounds, as a letter and three digits") { (x: Text, out: inout TextWriter) in
      // American Soundex, as the US National Archives give it
      let codes = Array("01230120022455012623010202".utf8)
      let letters = x.array.map { $0 & 0xDF }
      if let odd = x.array.first(where: { $0 >= 0x80 }), odd < 0xE0 { throw invalidArgument("The character is not mapped") }
      var written = 0, last: UInt8 = 0
      for letter in letters where letter >= 65 && letter <= 90 {
        let code = codes[Int(letter) - 65]
        if written == 0 {
          out.write(letter)
          written = 1
        } else if code != 48 && code != last {
          out.write(code)
          written += 1
        }
        if written == 4 { break }
        // H and W do not part letters of one code
        if letter != 72 && letter != 87 { last = code }
      }
      if written > 0 { out.write(repeating: 48, count: 4 - written) }
    }.signed("(varchar) -> varchar(4)"),
    .scalar("luhn_check", "Whether a number passes Luhn's test") { (x: Text) -> Bool? in
      if x.count == 0 { return false }
      var sum = 0
      for (i, byte) in x.array.reversed().enumerated() {
        guard byte >= 48 && byte <= 57 else { throw invalidArgument("Input contains non-digit characters") }
        let digit = Int(byte) - 48
        sum += i % 2 == 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2
      }
      return sum % 10 == 0
    },
  ]
}

private func jaroWinkler(_ x: [UInt32], _ y: [UInt32]) -> Double {
  if x.isEmpty && y.isEmpty { return 1 }
  let window = max(0, max(x.count, y.count) / 2 - 1)
  var usedX = [Bool](repeating: false, count: x.count), usedY = [Bool](repeating: false, count: y.count)
  var matches = 0.0
  for i in x.indices {
    let low = max(0, i - window), high = min(y.count, i + window + 1)
    if low < high, let j = (low..<high).first(where: { !usedY[$0] && y[$0] == x[i] }) {
      usedX[i] = true
      usedY[j] = true
      matches += 1
    }
  }
  if matches == 0 { return 0 }
  let left = x.indices.filter { usedX[$0] }.map { x[$0] }, right = y.indices.filter { usedY[$0] }.map { y[$0] }
  let transpositions = zip(left, right).reduce(0.0) { $0 + ($1.0 == $1.1 ? 0 : 0.5) }
  let jaro = (matches / Double(x.count) + matches / Double(y.count) + (matches - transpositions) / matches) / 3
  let prefix = zip(x, y).prefix(4).prefix { $0 == $1 }.count
  return jaro + Double(prefix) * 0.1 * (1 - jaro)
}
