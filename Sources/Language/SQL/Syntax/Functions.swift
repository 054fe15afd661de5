extension Syntax {
  /// `name([DISTINCT] arguments [ORDER BY …]) [WITHIN GROUP (ORDER BY …)] [FILTER (WHERE …)] [IGNORE NULLS] [OVER …]`
  public struct FunctionCall: Node {
    public var name: QualifiedName
    public var arguments: [Argument]
    /// `count(*)`; `arguments` is empty then. With `starQualifier`, `count(t.*)`.
    public var isStar: Bool
    /// `t` in `count(t.*)`.
    public var starQualifier: QualifiedName?
    public var isDistinct: Bool
    /// `array_agg(x ORDER BY y)`, and the order of `WITHIN GROUP`.
    public var orderBy: [SortItem]
    /// Only of LISTAGG.
    public var listaggOverflow: ListaggOverflow?
    public var filter: Expression?
    public var nullTreatment: NullTreatment?
    public var window: Window?
    /// Whether `orderBy` was written as `WITHIN GROUP (ORDER BY …)`.
    public var isWithinGroup: Bool
    public var place: Place

    /// A plain call `name(arguments…)`.
    public init(
      _ name: QualifiedName, _ arguments: [Argument] = [], isStar: Bool = false, starQualifier: QualifiedName? = nil,
      isDistinct: Bool = false,
      orderBy: [SortItem] = [], listaggOverflow: ListaggOverflow? = nil, filter: Expression? = nil, nullTreatment: NullTreatment? = nil,
      window: Window? = nil, isWithinGroup: Bool = false, place: Place = .nowhere
    ) {
      self.name = name
      self.arguments = arguments
      self.isStar = isStar
      self.starQualifier = starQualifier
      self.isDistinct = isDistinct
      self.orderBy = orderBy
      self.listaggOverflow = listaggOverflow
      self.filter = filter
      self.nullTreatment = nullTreatment
      self.window = window
      self.isWithinGroup = isWithinGroup
      self.place = place
    }
  }

  /// `value`, or `name => value`.
  public struct Argument: Node {
    public var name: Identifier?
    public var value: Expression
    public var place: Place

    public init(_ value: Expression, name: Identifier? = nil, place: Place? = nil) {
      self.name = name
      self.value = value
      self.place = place ?? value.place
    }
  }

  public enum NullTreatment: Hashable, Sendable { case ignore, respect }

  /// `LISTAGG(x, ',' ON OVERFLOW ERROR | TRUNCATE ['…'] WITH | WITHOUT COUNT)`
  public enum ListaggOverflow: Hashable, Sendable {
    case error
    case truncate(filler: String?, withCount: Bool)
  }

  /// What follows OVER.
  public enum Window: Hashable, Sendable {
    /// `OVER w`
    case named(Identifier)
    /// `OVER (…)`
    case inline(WindowSpecification)
  }

  /// `([existing] [PARTITION BY …] [ORDER BY …] [frame])`
  public struct WindowSpecification: Node {
    public var existing: Identifier?
    public var partitionBy: [Expression]
    public var orderBy: [SortItem]
    public var frame: WindowFrame?
    public var place: Place
  }

  /// `ROWS | RANGE | GROUPS start`, `… BETWEEN start AND end [EXCLUDE …]`
  public struct WindowFrame: Node {
    public enum Unit: String, Hashable, Sendable { case rows = "ROWS", range = "RANGE", groups = "GROUPS" }
    public enum Exclusion: String, Hashable, Sendable {
      case currentRow = "CURRENT ROW"
      case group = "GROUP"
      case ties = "TIES"
      case noOthers = "NO OTHERS"
    }
    public var unit: Unit
    public var start: FrameBound
    /// nil: up to the current row.
    public var end: FrameBound?
    public var exclusion: Exclusion?
    public var place: Place
  }

  public enum FrameBound: Hashable, Sendable {
    case unboundedPreceding
    case preceding(Expression)
    case currentRow
    case following(Expression)
    case unboundedFollowing
  }

  /// `key [ASC | DESC] [NULLS FIRST | LAST]`
  public struct SortItem: Node {
    public enum Direction: Hashable, Sendable { case ascending, descending }
    public enum NullOrder: Hashable, Sendable { case first, last }
    public var key: Expression
    /// Ascending when not written.
    public var direction: Direction
    /// nil: not written; Presto puts nulls last in both directions.
    public var nullOrder: NullOrder?
    public var place: Place
  }
}
