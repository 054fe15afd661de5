extension Plan {
  /// One row per element of arrays (one symbol each) or maps (two), zipped; shorter ones padded with nulls. Arrays of rows give a symbol a field.
  /// `kept` are input symbols repeated beside the elements. `isOuter` keeps rows without elements.
  public struct Unnest: PlanNode {
    public var input: Plan
    public var kept: [Symbol]
    public var items: [(value: Symbol, outputs: [Symbol])]
    public var ordinality: Symbol?
    public var isOuter: Bool

    public init(input: Plan, kept: [Symbol], items: [(value: Symbol, outputs: [Symbol])], ordinality: Symbol? = nil, isOuter: Bool = false)
    {
      self.input = input
      self.kept = kept
      self.items = items
      self.ordinality = ordinality
      self.isOuter = isOuter
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { kept + items.flatMap(\.outputs) + (ordinality.map { [$0] } ?? []) }
  }
}
