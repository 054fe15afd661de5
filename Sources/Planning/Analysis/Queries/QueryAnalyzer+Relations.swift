import Expressions
import Federation
import Plans
import SQL
import Settings
import Values

extension QueryAnalyzer {
  /// FROM: comma-separated relations are a cross join; a later one may unnest columns of the earlier ones. No relation: one row.
  func from(_ relations: [Syntax.Relation], _ surroundings: Surroundings) throws -> RelationPlan {
    guard let first = relations.first else { return RelationPlan(plan: .oneRow, fields: []) }
    var joined = try relation(first, surroundings)
    for next in relations.dropFirst() { joined = try join(joined, next, .cross, nil, surroundings, at: next.place) }
    return joined
  }

  func relation(_ relation: Syntax.Relation, _ surroundings: Surroundings) throws -> RelationPlan {
    switch relation {
    case .table(let table): return try self.table(table, surroundings)
    case .file(let file): return try self.file(file)
    case .subquery(let derived): return try query(derived.query, in: surroundings, keepsOrder: false)
    case .lateral(let lateral): return try query(lateral.query, in: surroundings, keepsOrder: false)
    case .unnest(let unnest):
      return try self.unnest(unnest, from: RelationPlan(plan: .oneRow, fields: []), isOuter: false, surroundings)
    case .tableFunction(let call): return try tableFunction(call, surroundings)
    case .jsonTable(let table):
      return try jsonTable(table, from: RelationPlan(plan: .oneRow, fields: []), isOuter: false, surroundings)
    case .join(let join):
      let left = try self.relation(join.left, surroundings)
      return try self.join(left, join.right, join.kind, join.criteria, surroundings, at: join.place)
    case .aliased(let aliased):
      return try alias(try self.relation(aliased.relation, surroundings), aliased.alias, aliased.columns, aliased.place)
    case .sampled(let sampled): return try sample(sampled, surroundings)
    }
  }

  /// `relation AS alias (columns)`
  func alias(_ relation: RelationPlan, _ alias: Syntax.Identifier, _ columns: [Syntax.Identifier]?, _ place: Syntax.Place) throws
    -> RelationPlan
  {
    var renamed = relation.renamed([alias.canonical])
    guard let columns else { return renamed }
    let shown = renamed.visible
    guard shown.count == columns.count else {
      throw PrestoError.at(
        place.location, .mismatchedColumnAliases,
        "Column alias list has \(columns.count) entries but '\(alias.canonical)' has \(shown.count) columns available")
    }
    renamed.fields = zip(columns, shown).map { Field(qualifier: [alias.canonical], name: $0.text, value: $1.value) }
    return renamed
  }

  // MARK: Tables

  func table(_ table: Syntax.Table, _ surroundings: Surroundings) throws -> RelationPlan {
    if let version = table.version {
      throw PrestoError.at(version.location, .notSupported, "This connector does not support versioned tables")
    }
    return try self.table(named: table.name, surroundings)
  }

  func table(named written: Syntax.QualifiedName, _ surroundings: Surroundings) throws -> RelationPlan {
    if let named = surroundings.named?.find(written) {
      try countReference(at: written.location)
      return try reference(to: named, from: surroundings)
    }
    let name = try surroundings.defaults.complete(written)
    let qualifier = [name.catalog, name.schema, name.name]
    // asked before anything else: whoever may not read a table is not told whether it exists
    try access.check(isDescribing ? .showColumns(name) : .select(name))
    switch try metadata.relation(.table(name), at: written.location) {
    case .table(let source): return try restricted(scan(source, qualifier), name, source.policy, at: written.location)
    case .view(let view, let policy):
      try countReference(at: written.location)
      return try restricted(try self.view(view, qualifier, at: written.location), name, policy, at: written.location)
    case .rows(let rows):
      if !rows.omissions.isEmpty { warn(.metadata, "Columns could not be read of: " + rows.omissions.joined(separator: ", ")) }
      return values(rows, qualifier)
    }
  }

  /// Reads every column; those nobody needs are dropped by optimization.
  func scan(_ source: SourceTable, _ qualifier: [String]) -> RelationPlan {
    let columns = source.columns.map { (symbol: symbols.fresh($0.name, $0.type), column: $0.column) }
    let fields = zip(source.columns, columns).map {
      Field(qualifier: qualifier, name: $0.name, value: .symbol($1.symbol), isHidden: $0.isHidden)
    }
    return RelationPlan(plan: Plan(.scan(.init(catalog: source.catalog, table: source.handle, columns: columns))), fields: fields)
  }

  func values(_ rows: MetadataRows, _ qualifier: [String] = []) -> RelationPlan {
    let outputs = rows.columns.map { symbols.fresh($0.name, $0.type) }
    let plan = Plan(.values(.init(outputs: outputs, rows: rows.rows.map { zip($0, outputs).map { .constant($0, $1.type) } })))
    let fields = zip(rows.columns, outputs).map { Field(qualifier: qualifier, name: $0.name, value: .symbol($1)) }
    return RelationPlan(plan: plan, fields: fields)
  }

  /// A WITH query is planned in the surroundings of its definition: once if it is better computed once, else anew for each reference.
  private func reference(to named: NamedQuery, from surroundings: Surroundings) throws -> RelationPlan {
    if let (id, relation) = named.table { return try scan(of: named, id, relation) }
    let boundary = Boundary()
    let inner = Surroundings(
      scope: named.scope.map { .within($0, boundary) }, named: named.surroundings, defaults: named.defaults)
    let relation = try query(named.definition.query, in: inner, keepsOrder: false)
    surroundings.scope?.note(boundary.correlation)
    if boundary.correlation.isEmpty, context.session[.sharesQueries], relation.plan.isBetterComputedOnce(context) {
      let id = symbols.freshID()
      var seen = Set<Symbol>()
      sharedQueries.append(
        .init(
          id: id, name: named.definition.name.text, plan: relation.plan, columns: relation.symbols.filter { seen.insert($0).inserted }))
      named.table = (id, relation)
      return try scan(of: named, id, relation)
    }
    return try alias(relation, named.definition.name, named.definition.columns, named.definition.place)
  }

  /// Another reader of a shared query.
  private func scan(of named: NamedQuery, _ id: Int32, _ relation: RelationPlan) throws -> RelationPlan {
    var copies: [Symbol: Symbol] = [:]
    var columns: [(symbol: Symbol, column: Symbol)] = []
    for symbol in relation.symbols where copies[symbol] == nil {
      let copy = symbols.fresh(symbol.name, symbol.type)
      copies[symbol] = copy
      columns.append((copy, symbol))
    }
    var copy = relation
    copy.plan = Plan(.sharedQueryScan(.init(table: id, name: named.definition.name.text, columns: columns)))
    for index in copy.fields.indices {
      if let symbol = copy.fields[index].value.asSymbol, let fresh = copies[symbol] { copy.fields[index].value = .symbol(fresh) }
    }
    return try alias(copy, named.definition.name, named.definition.columns, named.definition.place)
  }

  /// A view sees nothing of the query that uses it.
  private func view(_ view: ViewDefinition, _ qualifier: [String], at location: SourceLocation) throws -> RelationPlan {
    if viewsUnderWay.contains(view.name) {
      throw PrestoError.at(location, .viewIsRecursive, "Statement would create a recursive view: '\(view.name)'")
    }
    viewsUnderWay.append(view.name)
    defer { viewsUnderWay.removeLast() }
    var relation: RelationPlan
    do {
      let surroundings = Surroundings(scope: nil, named: nil, defaults: NameDefaults(catalog: view.catalog, schema: view.schema))
      relation = try query(view.query, in: surroundings, keepsOrder: false)
    } catch let error as PrestoError where error.code.kind == .userError {
      throw PrestoError.at(location, .invalidView, "Failed analyzing stored view '\(view.name)': \(error.message)", hint: error.hint)
    }
    guard let declared = view.columns else { return relation.renamed(qualifier) }
    guard declared.count == relation.fields.count, zip(declared, relation.fields).allSatisfy({ Coercion.canCoerce($1.type, to: $0.type) })
    else {
      throw PrestoError.at(
        location, .viewIsStale, "View '\(view.name)' is stale or in invalid state: it no longer yields the columns it was created with")
    }
    var builder = columns(over: relation.plan)
    let fields = zip(declared, relation.fields).map { column, field in
      Field(
        qualifier: qualifier, name: column.name,
        value: .symbol(builder.symbol(for: field.value.coerced(to: column.type), named: column.name ?? "column")))
    }
    relation.plan = builder.extended
    return RelationPlan(plan: relation.plan, fields: fields)
  }

  // MARK: Files, functions, samples

  private func file(_ file: Syntax.File) throws -> RelationPlan {
    try access.check(.readFile(file.path))
    guard case .table(let source) = try metadata.relation(.file(file.path), at: file.location) else {
      throw PrestoError.at(file.location, .genericInternalError, "A path is no table")
    }
    // 'dir/orders.parquet' may be called orders.
    let stem = file.path.split(separator: "/").last?.split(separator: ".").first.map { String($0).lowercased() }
    let name = AccessRequest.name(ofFile: file.path)
    return try restricted(scan(source, stem.map { [$0] } ?? []), name, source.policy, at: file.location)
  }

  private func tableFunction(_ call: Syntax.TableFunctionCall, _ surroundings: Surroundings) throws -> RelationPlan {
    if let key = RemoteQueryCall.key(of: call, parameters: parameters) {
      if case .remoteQuery(let catalog, _) = key { try access.check(.passThrough(catalog: catalog)) }
      guard case .table(let source) = try metadata.relation(key, at: call.location) else {
        throw PrestoError.at(call.location, .genericInternalError, "A remote query is no table")
      }
      return scan(source, [])
    }
    switch call.name.description {
    case "exclude_columns", "system.builtin.exclude_columns": return try excludeColumns(call, surroundings)
    case "sequence", "system.builtin.sequence": return try sequence(call, surroundings)
    default: throw PrestoError.at(call.location, .functionNotFound, "Table function '\(call.name)' not registered")
    }
  }

  /// `TABLE(exclude_columns(input => TABLE(t), columns => DESCRIPTOR(a, b)))`
  private func excludeColumns(_ call: Syntax.TableFunctionCall, _ surroundings: Surroundings) throws -> RelationPlan {
    var input: RelationPlan?
    var excluded: [Syntax.Identifier] = []
    for argument in call.arguments {
      switch argument.value {
      case .table(let table): input = try relation(table.relation, surroundings)
      case .descriptor(let fields):
        if fields.contains(where: { $0.type != nil }) {
          throw PrestoError.at(argument.location, .invalidFunctionArgument, "COLUMNS descriptor contains types")
        }
        excluded = fields.map(\.name)
      case .nullDescriptor: throw PrestoError.at(argument.location, .invalidFunctionArgument, "COLUMNS descriptor is null")
      case .expression: break
      }
    }
    guard var relation = input, !excluded.isEmpty else {
      throw PrestoError.at(call.location, .missingArgument, "exclude_columns needs the arguments INPUT and COLUMNS")
    }
    for name in excluded where !relation.fields.contains(where: { $0.canonical == name.canonical }) {
      throw PrestoError.at(name.location, .invalidFunctionArgument, "Excluded columns: [\(name.canonical)] not present in the table")
    }
    relation.fields = relation.visible.filter { field in !excluded.contains { $0.canonical == field.canonical } }
    return relation.renamed([])
  }

  /// `TABLE(sequence(start => 1, stop => 10, step => 3))`: one column `sequential_number`.
  private func sequence(_ call: Syntax.TableFunctionCall, _ surroundings: Surroundings) throws -> RelationPlan {
    let names = ["start", "stop", "step"]
    var values: [Expression?] = [.constant(.integer(0), .bigint), nil, .constant(.integer(1), .bigint)]
    let analyzer = ExpressionAnalyzer(self, surroundings, scope: Scope([]), clause: .tableFunction)
    for (position, argument) in call.arguments.enumerated() {
      guard let index = argument.name.map({ names.firstIndex(of: $0.canonical) }) ?? position, index < 3,
        case .expression(let expression) = argument.value
      else { throw PrestoError.at(argument.location, .invalidArguments, "Unexpected argument of sequence") }
      values[index] = try analyzer.coerced(try analyzer.analyze(expression), to: .bigint, expression, "Argument of sequence")
    }
    guard let stop = values[1] else { throw PrestoError.at(call.location, .missingArgument, "Missing argument: STOP") }
    let arguments = [values[0] ?? stop, stop, values[2] ?? stop]
    let numbers = arguments.map { $0.evaluated(context) }
    for (name, number) in zip(["Start", "Stop", "Step"], numbers) {
      if case .constant(.null, _) = number { throw PrestoError.at(call.location, .invalidFunctionArgument, "\(name) is null") }
    }
    if case .constant(.integer(let start), _) = numbers[0], case .constant(.integer(let end), _) = numbers[1],
      case .constant(.integer(let step), _) = numbers[2], step == 0 || (start < end) != (step > 0), start != end
    {
      throw PrestoError.at(
        call.location, .invalidFunctionArgument,
        "Step must be \(start < end ? "positive" : "negative") for sequence [\(start), \(end)]")
    }
    let array = try analyzer.call("sequence", arguments, at: call.place)
    let input = symbols.fresh("sequence", array.type)
    let number = symbols.fresh("sequential_number", .bigint)
    let plan = Plan(
      .unnest(.init(input: Plan.oneRow.adding([(input, array)]), kept: [], items: [(value: input, outputs: [number])])))
    return RelationPlan(plan: plan, fields: [Field(name: "sequential_number", value: .symbol(number))])
  }

  private func sample(_ sampled: Syntax.SampledRelation, _ surroundings: Surroundings) throws -> RelationPlan {
    var relation = try self.relation(sampled.relation, surroundings)
    let analyzer = ExpressionAnalyzer(self, surroundings, scope: Scope([]), clause: .sample)
    let percentage = try analyzer.constant(sampled.percentage)
    guard percentage.type.isNumeric, let fraction = percentage.coerced(to: .double).constantDouble(context), (0...100).contains(fraction)
    else {
      throw PrestoError.at(
        sampled.percentage.location, .numericValueOutOfRange, "Sample percentage must be between 0 and 100 inclusive")
    }
    relation.plan = Plan(.sample(.init(input: relation.plan, fraction: fraction / 100, isSystem: sampled.method == .system)))
    return relation
  }
}
