extension Plan {
  /// Repeats its input once for each grouping set: in the i-th copy the keys not in `sets[i]` are null and `groupID` is i.
  /// `keys[j].output` is the possibly nulled copy of `keys[j].input`; `passed` symbols (aggregate arguments) go through unchanged.
  public struct GroupingSets: PlanNode {
    public var input: Plan
    public var keys: [(output: Symbol, input: Symbol)]
    /// Indices into `keys`.
    public var sets: [[Int]]
    /// bigint.
    public var groupID: Symbol
    public var passed: [Symbol]

    public init(input: Plan, keys: [(output: Symbol, input: Symbol)], sets: [[Int]], groupID: Symbol, passed: [Symbol]) {
      self.input = input
      self.keys = keys
      self.sets = sets
      self.groupID = groupID
      self.passed = passed
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { keys.map(\.output) + passed + [groupID] }
  }
}
