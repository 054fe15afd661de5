import Expressions
import Values

/// Writes expressions in a dialect. nil, anywhere, means: the source cannot, or not exactly as we do.
public struct Renderer<Dialect: SQLDialect> {
  public let dialect: Dialect

  public init(_ dialect: Dialect) { self.dialect = dialect }

  /// The value, exactly.
  public func text(_ expression: Expr<RemoteColumn>) -> RemoteText? {
    var isExact = true
    return render(expression, mayWiden: false, &isExact)
  }

  /// A filter. Not exact: it keeps every row the expression keeps and perhaps more.
  public func predicate(_ expression: Expr<RemoteColumn>) -> (text: RemoteText, isExact: Bool)? {
    var isExact = true
    guard let text = render(expression, mayWiden: true, &isExact) else { return nil }
    return (text, isExact)
  }

  /// `mayWiden`: supersets are welcome here, because nothing above negates or computes with the value.
  private func render(_ expression: Expr<RemoteColumn>, mayWiden: Bool, _ isExact: inout Bool) -> RemoteText? {
    switch expression {
    case .reference(let column, _): return dialect.reference(column)
    case .constant(let value, let type): return constant(value, type)
    case .call(let id, let arguments, let type):
      let call = SQLCall(arguments: arguments, type: type)
      guard let index = dialect.template(for: call, of: id.name, mayWiden: mayWiden), let template = dialect.functions[id.name]?[index],
        let texts = all(arguments)
      else { return nil }
      if template.isSuperset { isExact = false }
      return template.applied(to: texts, type: type)
    case .cast(let inner, let type, _):
      if inner.type == type { return text(inner) }
      if case .constant(.null, _) = inner { return constant(.null, type) }
      guard let template = dialect.cast(from: inner.type, to: type), let argument = text(inner) else { return nil }
      return template.applied(to: [argument], type: type)
    case .and(let conjuncts): return joined(conjuncts, by: " AND ", mayWiden: mayWiden, &isExact)
    case .or(let disjuncts): return joined(disjuncts, by: " OR ", mayWiden: mayWiden, &isExact)
    case .not(let inner):
      guard let argument = text(inner) else { return nil }
      if case .isNull(let value) = inner, let tested = text(value) { return suffixed(tested, " IS NOT NULL") }
      return prefixed("NOT ", argument)
    case .isNull(let inner):
      guard let argument = text(inner) else { return nil }
      return suffixed(argument, " IS NULL")
    case .if(let condition, let then, let otherwise):
      guard let tested = text(condition), let first = text(then) else { return nil }
      var result = RemoteText("CASE WHEN ", type: then.type, isAtomic: true)
      result.append(tested)
      result.append(" THEN ")
      result.append(first)
      if let otherwise {
        guard let second = text(otherwise) else { return nil }
        result.append(" ELSE ")
        result.append(second)
      }
      result.append(" END")
      return result
    case .coalesce(let values):
      guard let texts = all(values) else { return nil }
      return SQLTemplate("COALESCE($*)", accepting: []).applied(to: texts, type: expression.type)
    case .among(let value, let list): return membership(value, list)
    case .field, .lambda, .parameter, .attempt: return nil
    }
  }

  private func constant(_ value: Constant, _ type: DataType) -> RemoteText? {
    if !value.isNull && !dialect.accepts(value, type) { return nil }
    if let written = dialect.literal(value, type) { return RemoteText(written, type: type, isAtomic: true) }
    if value.isNull { return nil }
    return RemoteText(argument: value, type)
  }

  private func all(_ expressions: [Expr<RemoteColumn>]) -> [RemoteText]? {
    var texts: [RemoteText] = []
    for expression in expressions {
      guard let text = text(expression) else { return nil }
      texts.append(text)
    }
    return texts
  }

  private func joined(_ terms: [Expr<RemoteColumn>], by word: String, mayWiden: Bool, _ isExact: inout Bool) -> RemoteText? {
    var texts: [RemoteText] = []
    for term in terms {
      guard let text = render(term, mayWiden: mayWiden, &isExact) else { return nil }
      texts.append(text.parenthesised)
    }
    var result = RemoteText.joined(texts, by: word)
    result.type = .boolean
    return result
  }

  /// IN lists mean a chain of `=`, so every element must fit the template of `=`.
  private func membership(_ value: Expr<RemoteColumn>, _ list: [Expr<RemoteColumn>]) -> RemoteText? {
    let templates = dialect.functions[FunctionID.Operator.equal] ?? []
    let isSound = list.allSatisfy { element in
      if case .constant(.null, _) = element { return true }
      return templates.contains { !$0.isSuperset && $0.fits(SQLCall(arguments: [value, element], type: .boolean)) }
    }
    guard isSound, !list.isEmpty, let tested = text(value), let texts = all(list) else { return nil }
    var result = RemoteText(type: .boolean)
    result.append(tested.parenthesised)
    result.append(" IN (")
    result.append(.joined(texts, by: ", "))
    result.append(")")
    return result
  }

  private func prefixed(_ word: String, _ text: RemoteText) -> RemoteText {
    var result = RemoteText(word, type: .boolean)
    result.append(text.parenthesised)
    return result
  }

  private func suffixed(_ text: RemoteText, _ word: String) -> RemoteText {
    var result = RemoteText(type: .boolean)
    result.append(text.parenthesised)
    result.append(word)
    return result
  }
}
