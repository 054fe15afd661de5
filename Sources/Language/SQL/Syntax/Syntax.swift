import Values

/// The syntax tree of Presto's language: what the parser yields, what the formatter prints, what the analyzer reads.
///
/// The tree is made of enums (`Statement`, `QueryBody`, `Relation`, `Expression`, `TypeName` …) over small structs, all nested here so that
/// `Syntax.Join` and `Plan.Join` meet in the analyzer without quarrel. The tree says what was written, not what it means: no name is
/// resolved, no type is checked, no sub-query is moved.
///
/// Three rules hold everywhere:
/// * Every node has a `place`. Places never take part in equality or hashing, so two trees are equal when they say the same thing.
/// * Identifiers compare without regard to case, as Presto compares them; the spelling is kept beside.
/// * Chains that programs generate without bound (`AND`, `OR`, `||`, `+ -`, `* / %`, `UNION`) are lists, not towers: they can be walked
///   and destroyed without deep recursion. The depth of everything else is bounded by the parser (`Parser.depthLimit`).
public enum Syntax {
  /// Anything that stood somewhere in the text.
  public protocol Node: Hashable, Sendable {
    var place: Place { get }
  }

  /// Where a node stood. All places are equal: a tree compares by what it says.
  ///
  /// `line` and `column` are what Presto reports for the node: the first token, except that comparisons, predicates, arithmetic,
  /// concatenations, set operations and AT TIME ZONE report their (first) operator. `start` and `end` always span the whole node.
  public struct Place: Hashable, Sendable {
    /// One-based line; zero when the node was made by a program.
    public var line: Int32
    /// One-based column in Unicode scalars, as Presto counts.
    public var column: Int32
    /// UTF-8 offset of the first byte of the node in the parsed text.
    public var start: Int32
    /// UTF-8 offset after the last byte of the node.
    public var end: Int32

    public init(line: Int, column: Int, start: Int, end: Int) {
      self.line = Int32(clamping: line)
      self.column = Int32(clamping: column)
      self.start = Int32(clamping: start)
      self.end = Int32(clamping: end)
    }

    /// The place of a node that never stood in a text.
    public static let nowhere = Place(line: 0, column: 0, start: 0, end: 0)

    public var location: SourceLocation { SourceLocation(line: Int(line), column: Int(column)) }
    /// Offsets into the UTF-8 of the parsed text.
    public var range: Range<Int> { Int(start)..<max(Int(start), Int(end)) }

    public static func == (left: Place, right: Place) -> Bool { true }
    public func hash(into hasher: inout Hasher) {}
  }
}

extension Syntax.Node {
  /// Line and column of the node, for errors.
  public var location: SourceLocation { place.location }
}
