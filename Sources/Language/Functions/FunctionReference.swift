import Expressions

/// The page of the documentation that lists every function, made from the declarations.
package enum FunctionReference {
  /// A DocC article: a section a family, a line for each name and meaning with all its signatures.
  package static var page: String {
    var text = """
      # Functions
      Every function that SQL can call, by subject: how it is called, what it gives, what it means. `SHOW FUNCTIONS LIKE '%word%'` lists them at the
      prompt. This page is made from the declarations by `make reference`.

      """
    for family in StandardFunctions.families {
      let own = family.functions.filter { !$0.isHidden }
      guard !own.isEmpty else { continue }
      text += "\n## \(family.title)\n| function | |\n|---|---|\n"
      let functions = own + Function.aliases(of: own)
      for (key, overloads) in Dictionary(grouping: functions, by: { Line(name: $0.name, summary: $0.summary) }).sorted(by: {
        $0.key < $1.key
      }) {
        let calls = overloads.map { "`\($0.name)\($0.signature)`" }
        text +=
          "| \(Self.distinct(calls).joined(separator: " · ").replacing("|", with: "\\|")) | \(key.summary.replacing("|", with: "\\|")) |\n"
      }
    }
    return text
  }

  private struct Line: Hashable, Comparable {
    let name: String
    let summary: String

    static func < (a: Self, b: Self) -> Bool { (a.name, a.summary) < (b.name, b.summary) }
  }

  private static func distinct(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}
