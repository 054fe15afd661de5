extension Syntax {
  /// `orders`, `"Order Date"`: one name as it was written. Equality ignores case and quotes.
  public struct Identifier: Node, CustomStringConvertible {
    /// The spelling, without quotes.
    public var text: String
    /// Whether it was written in double quotes.
    public var isQuoted: Bool
    /// The lower-cased spelling, by which names are compared and resolved.
    public let canonical: String
    public var place: Place

    public init(_ text: String, isQuoted: Bool = false, place: Place = .nowhere) {
      self.text = text
      self.isQuoted = isQuoted
      self.canonical = text.lowercased()
      self.place = place
    }

    public static func == (left: Identifier, right: Identifier) -> Bool { left.canonical == right.canonical }
    public func hash(into hasher: inout Hasher) { hasher.combine(canonical) }
    public var description: String { text }
  }

  /// `orders`, `tiny.orders`, `tpch.tiny.orders`: at least one part.
  public struct QualifiedName: Node, CustomStringConvertible {
    public var parts: [Identifier]
    public var place: Place

    public init(_ parts: [Identifier], place: Place = .nowhere) {
      self.parts = parts
      self.place = place
    }

    /// The lower-cased parts.
    public var canonicalParts: [String] { parts.map(\.canonical) }
    /// The lower-cased parts joined with dots, for messages.
    public var description: String { canonicalParts.joined(separator: ".") }
    /// The lower-cased last part; the empty string of an empty name.
    public var canonicalLast: String { parts.last?.canonical ?? "" }
  }

  /// `ALL` or `DISTINCT` where either may stand.
  public enum SetQuantifier: Hashable, Sendable { case all, distinct }

  /// `name = value` in `WITH (…)` and `SET PROPERTIES`; `DEFAULT` has no value.
  public struct Property: Node {
    public var name: Identifier
    /// nil: `DEFAULT`.
    public var value: Expression?
    public var place: Place
  }
}
