import Values
import Vectors

/// Alternatives over one value become one pass over its texts.
extension Preparation {
  /// The operands of an OR, with LIKEs of one value put together, and its regular expressions too.
  func alternatives(_ operands: [Expr<Int>]) throws -> [EvaluationNode] {
    var likes: [Expr<Int>: [LikePattern]] = [:], expressions: [Expr<Int>: [[UInt8]]] = [:]
    for operand in operands {
      if let (value, pattern) = like(operand) { likes[value, default: []].append(pattern) }
      if let (value, pattern) = regularExpression(operand) { expressions[value, default: []].append(pattern) }
    }
    let sets = likes.compactMapValues { LikePatternSet($0) }
    var nodes: [EvaluationNode] = [], placed = Set<Expr<Int>>(), placedExpressions = Set<Expr<Int>>()
    for operand in operands {
      if let (value, _) = like(operand), let set = sets[value] {
        if !placed.insert(value).inserted { continue }
        nodes.append(
          PredicateNode(
            [try node(value)], isInfallible: true, isCheap: false, context: context, vector: { v, rows, _ in set.vector(v[0], rows) },
            bits: { v, rows in set.bits(v[0], rows) }))
      } else if let (value, _) = regularExpression(operand), let patterns = expressions[value], patterns.count > 1,
        case .call(let id, let arguments, let type) = operand
      {
        if !placedExpressions.insert(value).inserted { continue }
        let joined = Array(patterns.map { "(?:".utf8 + $0 + ")".utf8 }.joined(separator: "|".utf8))
        nodes.append(try node(.call(id, [value, .constant(.bytes(joined), arguments[1].type)], type)))
      } else {
        nodes.append(try node(operand))
      }
    }
    return nodes
  }

  /// A LIKE whose pattern has a literal to look for, and is no pattern that fails; one that is evaluated elsewhere too is left to be shared.
  private func like(_ operand: Expr<Int>) -> (value: Expr<Int>, pattern: LikePattern)? {
    guard case .call(let id, let arguments, _) = operand, id.name == FunctionID.Operator.like, arguments.count >= 2, !isShared(operand),
      isDeterministic(arguments[0])
    else { return nil }
    let texts = arguments.dropFirst().map { argument -> [UInt8]? in
      if case .constant(.bytes(let bytes), _) = argument { bytes } else { nil }
    }
    guard let pattern = texts[0], texts.count < 2 || texts[1]?.count == 1 else { return nil }
    return LikePattern(pattern, escape: texts.count > 1 ? texts[1]?[0] : nil).flatMap {
      $0.longestLiteral == nil ? nil : (arguments[0], $0)
    }
  }

  private func regularExpression(_ operand: Expr<Int>) -> (value: Expr<Int>, pattern: [UInt8])? {
    guard case .call(let id, let arguments, _) = operand, id.name == "regexp_like", arguments.count == 2, !isShared(operand),
      isDeterministic(arguments[0]), case .constant(.bytes(let pattern), _) = arguments[1], Preparation.isSelfContained(pattern)
    else { return nil }
    return (arguments[0], pattern)
  }

  /// Whether a regular expression means the same as a branch of a larger one: groups and classes are closed, nothing refers to groups by number or
  /// name, no flag reaches beyond.
  private static func isSelfContained(_ pattern: [UInt8]) -> Bool {
    var depth = 0, i = 0, isInClass = false
    while i < pattern.count {
      switch pattern[i] {
      case UInt8(ascii: "\\"):
        guard i + 1 < pattern.count, !"0123456789kgGQEKR".utf8.contains(pattern[i + 1]) else { return false }
        i += 1
      case UInt8(ascii: "["):
        let next = pattern[(i + 1)...].first { $0 != UInt8(ascii: "^") }
        if isInClass || next == UInt8(ascii: "]") { return false }
        isInClass = true
      case UInt8(ascii: "]"): isInClass = false
      case UInt8(ascii: "(") where !isInClass:
        if pattern[(i + 1)...].starts(with: "?".utf8) && !pattern[(i + 1)...].starts(with: "?:".utf8) { return false }
        if pattern[(i + 1)...].starts(with: "*".utf8) { return false }
        depth += 1
      case UInt8(ascii: ")") where !isInClass:
        depth -= 1
        if depth < 0 { return false }
      default: break
      }
      i += 1
    }
    return depth == 0 && !isInClass
  }
}
