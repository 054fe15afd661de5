import Expressions
import Federation
import Plans
import SQL
import Settings
import Values

extension Analyzer {
  /// `INSERT INTO t (b, a) SELECT …`: the table's columns in their order; those not named are null.
  func plan(_ insert: Syntax.Insert, parameters: [Syntax.Expression]) async throws -> AnalyzedQuery {
    let name = try defaults.complete(insert.table)
    try access.check(.insert(name))
    var requests = MetadataRequests(parameters: parameters)
    requests.add(.table(name))
    requests.collect(insert.query, defaults)
    let analyzer = QueryAnalyzer(context: context, metadata: await reader.read(requests), parameters: parameters, access: access)
    guard case .table(let target) = try analyzer.metadata.relation(.table(name), at: insert.table.location) else {
      throw PrestoError.at(insert.table.location, .notSupported, "Inserting into views is not supported")
    }
    let columns = target.columns.filter { !$0.isHidden }
    let positions = try insertedColumns(insert, columns, name)
    let relation = try analyzer.statement(insert.query, in: surroundings)
    guard relation.fields.count == positions.count else {
      throw PrestoError.at(
        insert.location, .typeMismatch,
        "Insert query has mismatched column types: Table: [\(positions.map { "\(columns[$0].type)" }.joined(separator: ", "))], "
          + "Query: [\(relation.fields.map { "\($0.type)" }.joined(separator: ", "))]")
    }
    let inner = ExpressionAnalyzer(analyzer, surroundings, scope: Scope([]), clause: .insert)
    var values = columns.map { Expression.null($0.type) }
    // The texts of VALUES are as good as literals: they are read as the column's type, row by row.
    let isLiteral = if case .values = relation.plan.node { true } else { false }
    for (field, position) in zip(relation.fields, positions) {
      guard let value = try inner.assigned(field.value, to: columns[position].type, readsTexts: isLiteral) else {
        throw PrestoError.at(
          insert.location, .typeMismatch,
          "Insert query has mismatched column types: Table: [\(positions.map { "\(columns[$0].type)" }.joined(separator: ", "))], "
            + "Query: [\(relation.fields.map { "\($0.type)" }.joined(separator: ", "))]")
      }
      values[position] = value
    }
    var builder = analyzer.columns(over: relation.plan)
    let symbols = zip(columns, values).map { (name: $0.name, symbol: builder.symbol(for: $1, named: $0.name)) }
    return write(builder.replaced, name.catalog, .insert(target.handle), symbols, analyzer, "INSERT")
  }

  private func insertedColumns(
    _ insert: Syntax.Insert, _ columns: [ColumnDescription<ColumnHandle>], _ name: ObjectName
  ) throws -> [Int] {
    guard let named = insert.columns else { return Array(columns.indices) }
    var positions: [Int] = []
    for column in named {
      guard let position = columns.firstIndex(where: { $0.name.lowercased() == column.canonical }) else {
        throw PrestoError.at(
          column.location, .columnNotFound, "Insert column name does not exist in target table: \(column)",
          hint: NearestName.find(column.text, among: columns.map(\.name)).map { "Did you mean '\($0)'?" })
      }
      guard !positions.contains(position) else {
        throw PrestoError.at(column.location, .duplicateColumnName, "Insert column name is specified more than once: \(column)")
      }
      positions.append(position)
    }
    return positions
  }

  /// `CREATE TABLE t (a, b) WITH (…) AS SELECT …`. Whether the table exists is for the engine to ask before.
  func plan(_ create: Syntax.CreateTableAs, parameters: [Syntax.Expression]) async throws -> AnalyzedQuery {
    let name = try defaults.complete(create.name)
    try access.check(.createTable(name))
    guard context.catalogs[name.catalog] != nil else {
      throw PrestoError.at(create.name.location, .catalogNotFound, "Catalog '\(name.catalog)' does not exist")
    }
    var requests = MetadataRequests(parameters: parameters)
    requests.collect(create.query, defaults)
    let analyzer = QueryAnalyzer(context: context, metadata: await reader.read(requests), parameters: parameters, access: access)
    let relation = try analyzer.statement(create.query, in: surroundings)
    if let aliases = create.columns, aliases.count != relation.fields.count {
      throw PrestoError.at(
        create.location, .mismatchedColumnAliases,
        "Column alias list has \(aliases.count) entries but relation has \(relation.fields.count) columns")
    }
    var seen = Set<String>()
    var values: [(name: String, value: Expression)] = []
    for (index, field) in relation.fields.enumerated() {
      guard let column = create.columns?[index].text ?? field.name else {
        throw PrestoError.at(create.location, .missingColumnName, "Column name not specified at position \(index + 1)")
      }
      guard seen.insert(column.lowercased()).inserted else {
        throw PrestoError.at(create.location, .duplicateColumnName, "Column name '\(column)' specified more than once")
      }
      if field.type == .unknown {
        throw PrestoError.at(create.location, .columnTypeUnknown, "Column type is unknown: \(column)")
      }
      values.append((column, field.value))
    }
    var builder = analyzer.columns(over: relation.plan)
    let symbols = values.map { (name: $0.name, symbol: builder.symbol(for: $0.value, named: $0.name)) }
    let input = create.hasData ? builder.replaced : Plan(.limit(.init(input: builder.replaced, count: 0)))
    let inner = ExpressionAnalyzer(analyzer, surroundings, scope: Scope([]), clause: .tableFunction)
    var properties: [String: String] = [:]
    for property in create.properties {
      guard let value = property.value else { continue }
      guard properties.updateValue(try inner.propertyText(value), forKey: property.name.canonical) == nil else {
        throw PrestoError.at(property.location, .duplicateProperty, "Duplicate property: \(property.name)")
      }
    }
    let target = TableName(schema: name.schema, table: name.name)
    return write(input, name.catalog, .create(target, properties: properties, comment: create.comment), symbols, analyzer, "CREATE TABLE")
  }

  private func write(
    _ input: Plan, _ catalog: String, _ target: Plan.Write.Target, _ columns: [(name: String, symbol: Symbol)], _ analyzer: QueryAnalyzer,
    _ updateType: String
  ) -> AnalyzedQuery {
    let rows = context.symbols.fresh("rows", .bigint)
    let plan = Plan(.write(.init(input: input, catalog: catalog, target: target, columns: columns, rowCount: rows)))
    let relation = RelationPlan(plan: plan, fields: [Field(name: "rows", value: .symbol(rows))])
    return AnalyzedQuery(relation, warnings: analyzer.warnings, updateType: updateType, tables: analyzer.metadata.tables)
  }
}

extension ExpressionAnalyzer {
  /// A value put into a column: what converts by itself, and narrower numbers and texts, which are checked row by row. nil: never.
  func assigned(_ value: Expression, to type: DataType, readsTexts: Bool) throws -> Expression? {
    if value.type == type || Coercion.canCoerce(value.type, to: type) { return value.coerced(to: type) }
    let isAssignable =
      switch (value.type, type) {
      case (.varchar, .varchar), (.varchar, .char), (.char, .char), (.char, .varchar): true
      case (.timestamp, .timestamp), (.timestampWithTimeZone, .timestampWithTimeZone), (.time, .time): true
      case (.varchar, _) where readsTexts && !context.session[.strictLiterals]:
        type.isNumeric || type.isTemporal || type == .boolean || type == .uuid || type == .ipaddress || type == .ipprefix
      default: value.type.isNumeric && type.isNumeric
      }
    return isAssignable ? .cast(value, to: type, safe: false) : try readText(value, as: type)
  }

  /// A constant as a properties file has it: texts bare, arrays with commas.
  func propertyText(_ expression: Syntax.Expression) throws -> String {
    let value = try constant(expression)
    if case .constant(.sequence(let elements), .array(let type)) = value {
      return try elements.map { try text(of: .constant($0, type), expression) }.joined(separator: ",")
    }
    return try text(of: value, expression)
  }

  private func text(of value: Expression, _ expression: Syntax.Expression) throws -> String {
    if case .constant(let constant, .varchar) = value, let text = constant.text { return text }
    if case .constant(let constant, _) = try castNow(value, to: .varchar), let text = constant.text { return text }
    throw PrestoError.at(expression.location, .invalidTableProperty, "A property cannot have the value \(self.text(expression))")
  }
}
