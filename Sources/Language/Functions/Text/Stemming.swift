import Expressions
import Values
import Vectors

extension Function {
  static let stemming: [Function] = [
    .scalar("word_stem", "The stem of an English word") { (x: Text, out: inout TextWriter) in EnglishStemmer.write(x, &out) }
      .signed("(varchar(x)) -> varchar(x)"),
    .scalar("word_stem", "The stem of a word; the language is 'en'") { (x: Text, language: Text, out: inout TextWriter) in
      guard language.string.lowercased() == "en" else { throw invalidArgument("Unknown stemmer language: \(language.string)") }
      EnglishStemmer.write(x, &out)
    }.signed("(varchar(x), varchar) -> varchar(x)"),
  ]
}

/// Porter's English stemmer (Porter2) as snowballstem.org describes it. `Y` stands for a y that is a consonant.
struct EnglishStemmer {
  private var word: [UInt8]
  private var r1 = 0, r2 = 0

  /// Words with anything but ASCII letters and apostrophes stay as they are.
  static func write(_ text: Bytes, _ out: inout TextWriter) {
    let word = text.array
    guard word.count > 2, word.allSatisfy({ ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x27 }) else { return out.write(text) }
    var stemmer = EnglishStemmer(word)
    stemmer.stem()
    stemmer.word.withUnsafeBytes { out.write($0) }
  }

  private init(_ word: [UInt8]) { self.word = word }

  private static let y = UInt8(ascii: "y"), consonantY = UInt8(ascii: "Y")
  private static let vowels = Set("aeiouy".utf8)

  private func isVowel(_ index: Int) -> Bool { EnglishStemmer.vowels.contains(word[index]) }

  private func ends(_ suffix: String) -> Bool {
    word.count >= suffix.utf8.count && word.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }

  private mutating func replace(_ suffix: String, _ new: String) {
    word.replaceSubrange((word.count - suffix.utf8.count)..., with: new.utf8)
  }

  /// The first of these that the word ends in; they are in order of length.
  private func longest(_ suffixes: [String]) -> String? { suffixes.first(where: ends) }

  private static let irregular: [String: String] = [
    "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl", "gently": "gentl", "ugly": "ugli",
    "early": "earli", "only": "onli", "singly": "singl", "sky": "sky", "news": "news", "howe": "howe", "atlas": "atlas", "cosmos": "cosmos",
    "bias": "bias", "andes": "andes",
  ]
  private static let finished: Set<String> = ["inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed"]

  private mutating func stem() {
    if let known = EnglishStemmer.irregular[String(decoding: word, as: UTF8.self)] {
      word = Array(known.utf8)
      return
    }
    if word.first == 0x27 { word.removeFirst() }
    markConsonants()
    findRegions()
    if let suffix = longest(["'s'", "'s", "'"]) { replace(suffix, "") }
    plural()
    if !EnglishStemmer.finished.contains(String(decoding: word, as: UTF8.self)) {
      pastOrProgressive()
      if word.count > 2, word[word.count - 1] == EnglishStemmer.y || word[word.count - 1] == EnglishStemmer.consonantY,
        !isVowel(word.count - 2)
      {
        word[word.count - 1] = UInt8(ascii: "i")
      }
      derived()
      derivedAgain()
      residual()
      finalLetters()
    }
    word = word.map { $0 == EnglishStemmer.consonantY ? EnglishStemmer.y : $0 }
  }

  private mutating func markConsonants() {
    for index in word.indices where word[index] == EnglishStemmer.y && (index == 0 || isVowel(index - 1)) {
      word[index] = EnglishStemmer.consonantY
    }
  }

  /// R1 is what follows the first consonant after a vowel, R2 the same within R1.
  private mutating func findRegions() {
    func after(_ start: Int) -> Int {
      var index = start
      while index < word.count && !isVowel(index) { index += 1 }
      while index < word.count && isVowel(index) { index += 1 }
      return min(index + 1, word.count)
    }
    let prefix = ["gener", "commun", "arsen", "past", "univers", "later", "emerg", "organ"].first { word.starts(with: $0.utf8) }
    r1 = prefix.map(\.utf8.count) ?? after(0)
    r2 = after(r1)
  }

  private func isInR1(_ suffix: String) -> Bool { word.count - suffix.utf8.count >= r1 }
  private func isInR2(_ suffix: String) -> Bool { word.count - suffix.utf8.count >= r2 }
  private func hasVowel(before end: Int) -> Bool { (0..<max(0, end)).contains { isVowel($0) } }

  /// Step 1a.
  private mutating func plural() {
    switch longest(["sses", "ied", "ies", "us", "ss", "s"]) {
    case "sses": replace("sses", "ss")
    case "ied", "ies": replace("ied", word.count > 4 ? "i" : "ie")
    case "s" where hasVowel(before: word.count - 2): replace("s", "")
    default: break
    }
  }

  /// Step 1b.
  private mutating func pastOrProgressive() {
    guard let suffix = longest(["eedly", "ingly", "edly", "eed", "ing", "ed"]) else { return }
    if suffix == "eed" || suffix == "eedly" {
      if isInR1(suffix) { replace(suffix, "ee") }
      return
    }
    guard hasVowel(before: word.count - suffix.utf8.count) else { return }
    replace(suffix, "")
    if ends("at") || ends("bl") || ends("iz") {
      word.append(UInt8(ascii: "e"))
    } else if longest(["bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"]) != nil {
      word.removeLast()
    } else if isShort {
      word.append(UInt8(ascii: "e"))
    }
  }

  /// R1 is empty and the word ends in a short syllable.
  private var isShort: Bool { r1 >= word.count && endsInShortSyllable(word.count) }

  private func endsInShortSyllable(_ end: Int) -> Bool {
    if end == 2 { return isVowel(0) && !isVowel(1) }
    guard end >= 3 else { return false }
    return !isVowel(end - 3) && isVowel(end - 2) && !isVowel(end - 1) && !"wxY".utf8.contains(word[end - 1])
  }

  /// Step 2.
  private mutating func derived() {
    let table: [(String, String)] = [
      ("ization", "ize"), ("ational", "ate"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"), ("tional", "tion"),
      ("biliti", "ble"), ("lessli", "less"), ("entli", "ent"), ("ation", "ate"), ("alism", "al"), ("aliti", "al"), ("ousli", "ous"),
      ("iviti", "ive"), ("fulli", "ful"), ("enci", "ence"), ("anci", "ance"), ("abli", "able"), ("izer", "ize"), ("ator", "ate"),
      ("alli", "al"), ("bli", "ble"), ("ogi", "og"), ("li", ""),
    ]
    guard let (suffix, new) = table.first(where: { ends($0.0) }), isInR1(suffix) else { return }
    let before = word.count - suffix.utf8.count - 1
    if suffix == "ogi" && !(before >= 0 && word[before] == UInt8(ascii: "l")) { return }
    if suffix == "li" && !(before >= 0 && "cdeghkmnrt".utf8.contains(word[before])) { return }
    replace(suffix, new)
  }

  /// Step 3.
  private mutating func derivedAgain() {
    let table: [(String, String)] = [
      ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ative", ""), ("ical", "ic"),
      ("ness", ""),
      ("ful", ""),
    ]
    guard let (suffix, new) = table.first(where: { ends($0.0) }), isInR1(suffix) else { return }
    if suffix == "ative" && !isInR2(suffix) { return }
    replace(suffix, new)
  }

  /// Step 4.
  private mutating func residual() {
    let suffixes = [
      "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er", "ic",
    ]
    guard let suffix = longest(suffixes), isInR2(suffix) else { return }
    let before = word.count - suffix.utf8.count - 1
    if suffix == "ion" && !(before >= 0 && "st".utf8.contains(word[before])) { return }
    replace(suffix, "")
  }

  /// Step 5.
  private mutating func finalLetters() {
    if ends("e") {
      if isInR2("e") || (isInR1("e") && !endsInShortSyllable(word.count - 1)) { word.removeLast() }
    } else if ends("ll") && isInR2("l") {
      word.removeLast()
    }
  }
}
