import Values
import Vectors

/// Conditions of filters: true, false, or nil for unknown. An error while evaluating one makes it unknown, not the path fail.
extension SQLJSONPathEvaluation {
  func test(_ condition: SQLJSONPath.Condition, _ around: Surroundings) throws -> Bool? {
    switch condition {
    case .not(let inner): return try test(inner, around).map { !$0 }
    case .and(let left, let right):
      let a = try test(left, around)
      if a == false { return false }
      let b = try test(right, around)
      return b == false ? false : a == nil || b == nil ? nil : true
    case .or(let left, let right):
      let a = try test(left, around)
      if a == true { return true }
      let b = try test(right, around)
      return b == true ? true : a == nil || b == nil ? nil : false
    case .isUnknown(let inner): return try test(inner, around) == nil
    case .exists(let step):
      guard let items = try? items(step, around) else { return nil }
      return !items.isEmpty
    case .like(let step, let pattern):
      return try anyItem(step, around) { item in
        guard case .text(let text) = item else { return nil }
        let matcher = try RegexMatcher(RegexCache(), pattern: pattern)
        return try text.withUnsafeBytes { try matcher.find($0, from: 0, groups: false) }
      }
    case .startsWith(let step, let prefix):
      guard let prefixes = try? items(prefix, around), prefixes.count == 1, case .text(let wanted) = prefixes[0] else { return nil }
      return try anyItem(step, around) { item in
        guard case .text(let text) = item else { return nil }
        return text.starts(with: wanted)
      }
    case .comparison(let left, let comparison, let right):
      guard let a = try? items(left, around), let b = try? items(right, around) else { return nil }
      return anyPair(unwrapped(a), unwrapped(b)) { comparison.holds($0, $1) }
    }
  }

  /// Whether the test holds of some item. In strict mode one unknown makes all unknown.
  private func anyItem(_ step: SQLJSONPath.Step, _ around: Surroundings, _ body: (JSONItem) throws -> Bool?) throws -> Bool? {
    guard let items = try? items(step, around) else { return nil }
    return try anyPair(unwrapped(items), [.null]) { item, _ in try body(item) }
  }

  private func anyPair(_ a: [JSONItem], _ b: [JSONItem], _ body: (JSONItem, JSONItem) throws -> Bool?) rethrows -> Bool? {
    var isFound = false, isUnknown = false
    for left in a {
      for right in b {
        switch try body(left, right) {
        case true?:
          if isLax { return true }
          isFound = true
        case false?: break
        case nil: isUnknown = true
        }
      }
    }
    return isUnknown ? nil : isFound
  }
}

extension SQLJSONPath.Comparison {
  /// nil: these two do not compare.
  func holds(_ a: JSONItem, _ b: JSONItem) -> Bool? {
    switch (a, b) {
    case (.null, .null): return self == .equal || self == .lessOrEqual || self == .greaterOrEqual
    case (.null, _), (_, .null): return self == .notEqual
    case (.boolean(let x), .boolean(let y)): return holds(x == y ? 0 : y ? -1 : 1)
    case (.text(let x), .text(let y)): return holds(x == y ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1)
    case (.number(let x), .number(let y)): return JSONArithmetic.compared(x, y).map(holds)
    case (.moment(let x), .moment(let y)): return x.compared(to: y).map(holds)
    case (.boolean, _), (.text, _), (.number, _), (.moment, _), (.array, _), (.object, _): return nil
    }
  }

  private func holds(_ order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }
}
