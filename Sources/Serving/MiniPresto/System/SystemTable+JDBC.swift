import Analysis
import Federation
import Values

/// `system.jdbc`: what `java.sql.DatabaseMetaData` asks for.
extension SystemTable {
  static let jdbc: [SystemTable] = [
    SystemTable("jdbc", "catalogs", columns(.varchar, "table_cat")) { engine, _ in engine.catalogNames.map { [.text($0)] } },
    SystemTable("jdbc", "schemas", columns(.varchar, "table_schem", "table_catalog")) { engine, handle in
      try await CatalogListing(engine, handle, catalog: "table_catalog", schema: "table_schem").schemas().map {
        [.text($0.schema), .text($0.catalog)]
      }
    },
    SystemTable(
      "jdbc", "tables",
      columns(
        .varchar, "table_cat", "table_schem", "table_name", "table_type", "remarks", "type_cat", "type_schem", "type_name",
        "self_referencing_col_name", "ref_generation")
    ) { engine, handle in
      try await listing(engine, handle).relations().map {
        let own: [Constant] = [
          .text($0.catalog), .text($0.name.schema), .text($0.name.table), .text($0.view == nil ? "TABLE" : "VIEW"), text($0.comment),
        ]
        return own + [Constant](repeating: .null, count: 5)
      }
    },
    SystemTable(
      "jdbc", "columns",
      columns(.varchar, "table_cat", "table_schem", "table_name", "column_name") + [("data_type", .bigint), ("type_name", .varchar)]
        + columns(.bigint, "column_size", "buffer_length", "decimal_digits", "num_prec_radix", "nullable")
        + columns(.varchar, "remarks", "column_def")
        + columns(.bigint, "sql_data_type", "sql_datetime_sub", "char_octet_length", "ordinal_position")
        + columns(.varchar, "is_nullable", "scope_catalog", "scope_schema", "scope_table") + [("source_data_type", .bigint)]
        + columns(.varchar, "is_autoincrement", "is_generatedcolumn")
    ) { engine, handle in
      try await listing(engine, handle).columns().flatMap { answer in
        answer.fields.indices.map { index in
          let field = answer.fields[index], type = JDBCType(field.type)
          return [
            .text(answer.relation.catalog), .text(answer.relation.name.schema), .text(answer.relation.name.table), text(field.name),
            .integer(type.code), .text(field.type.description), number(type.size), .null, number(type.digits), number(type.radix),
            .integer(answer.nullable[index] ? 1 : 0), text(answer.comments[index]), .null, .null, .null, number(type.octets),
            .integer(Int64(index + 1)), .text(answer.nullable[index] ? "YES" : "NO"), .null, .null, .null, .null, .null, .null,
          ]
        }
      }
    },
    SystemTable("jdbc", "table_types", columns(.varchar, "table_type")) { _, _ in [[.text("TABLE")], [.text("VIEW")]] },
    SystemTable(
      "jdbc", "types",
      [("type_name", .varchar), ("data_type", .bigint), ("precision", .bigint)]
        + columns(.varchar, "literal_prefix", "literal_suffix", "create_params")
        + [
          ("nullable", .bigint), ("case_sensitive", .boolean), ("searchable", .bigint), ("unsigned_attribute", .boolean),
          ("fixed_prec_scale", .boolean), ("auto_increment", .boolean), ("local_type_name", .varchar),
        ] + columns(.bigint, "minimum_scale", "maximum_scale", "sql_data_type", "sql_datetime_sub", "num_prec_radix")
    ) { _, _ in
      let types: [(String, DataType)] = [
        ("boolean", .boolean), ("tinyint", .tinyint), ("smallint", .smallint), ("integer", .integer), ("bigint", .bigint), ("real", .real),
        ("double", .double), ("decimal", .decimal(precision: 38, scale: 0)), ("varchar", .varchar), ("char", .char(length: 65_536)),
        ("varbinary", .varbinary), ("json", .json), ("date", .date), ("time", .time(precision: 3)),
        ("time with time zone", .timeWithTimeZone(precision: 3)), ("timestamp", .timestamp(precision: 3)),
        ("timestamp with time zone", .timestampWithTimeZone(precision: 3)), ("uuid", .uuid), ("ipaddress", .ipaddress),
        ("ipprefix", .ipprefix),
      ]
      return types.map { name, type in
        let jdbc = JDBCType(type)
        return [
          .text(name), .integer(jdbc.code), number(jdbc.size), .null, .null, .null, .integer(1), .boolean(type.isText), .integer(3), .null,
          .boolean(false), .null, .null, .integer(0), .integer(type.isNumeric ? 38 : 0), .null, .null, number(jdbc.radix),
        ]
      }
    },
    .empty(
      "jdbc", "procedures",
      columns(.varchar, "procedure_cat", "procedure_schem", "procedure_name", "remarks") + [
        ("procedure_type", .bigint), ("specific_name", .varchar),
      ]),
    .empty(
      "jdbc", "procedure_columns",
      columns(.varchar, "procedure_cat", "procedure_schem", "procedure_name", "column_name") + columns(.bigint, "column_type", "data_type")
        + [("type_name", .varchar)] + columns(.bigint, "precision", "length", "scale", "radix", "nullable")
        + columns(.varchar, "remarks", "column_def")
        + columns(.bigint, "sql_data_type", "sql_datetime_sub", "char_octet_length", "ordinal_position")
        + columns(.varchar, "is_nullable", "specific_name")),
    .empty(
      "jdbc", "pseudo_columns",
      columns(.varchar, "table_cat", "table_schem", "table_name", "column_name")
        + columns(.bigint, "data_type", "column_size", "decimal_digits", "num_prec_radix") + columns(.varchar, "column_usage", "remarks")
        + [("char_octet_length", .bigint), ("is_nullable", .varchar)]),
    .empty(
      "jdbc", "udts",
      columns(.varchar, "type_cat", "type_schem", "type_name", "class_name") + [
        ("data_type", .bigint), ("remarks", .varchar), ("base_type", .bigint),
      ]),
    .empty(
      "jdbc", "super_types",
      columns(.varchar, "type_cat", "type_schem", "type_name", "supertype_cat", "supertype_schem", "supertype_name")),
    .empty("jdbc", "super_tables", columns(.varchar, "table_cat", "table_schem", "table_name", "supertable_name")),
    .empty(
      "jdbc", "attributes",
      columns(.varchar, "type_cat", "type_schem", "type_name", "attr_name") + [("data_type", .bigint), ("attr_type_name", .varchar)]
        + columns(.bigint, "attr_size", "decimal_digits", "num_prec_radix", "nullable") + columns(.varchar, "remarks", "attr_def")
        + columns(.bigint, "sql_data_type", "sql_datetime_sub", "char_octet_length", "ordinal_position")
        + columns(.varchar, "is_nullable", "scope_catalog", "scope_schema", "scope_table") + [("source_data_type", .bigint)]),
  ]

  private static func listing(_ engine: EngineView, _ handle: SystemTableHandle) -> CatalogListing {
    CatalogListing(engine, handle, catalog: "table_cat", schema: "table_schem", table: "table_name")
  }
}

/// A type in the terms of `java.sql.Types`.
struct JDBCType {
  var code: Int64
  /// Digits, characters or bytes.
  var size: Int?
  var digits: Int?
  var radix: Int?
  /// Bytes that a text may take.
  var octets: Int?

  init(_ type: DataType) {
    switch type {
    case .boolean: code = 16
    case .tinyint: (code, size, digits, radix) = (-6, 3, 0, 10)
    case .smallint: (code, size, digits, radix) = (5, 5, 0, 10)
    case .integer: (code, size, digits, radix) = (4, 10, 0, 10)
    case .bigint: (code, size, digits, radix) = (-5, 19, 0, 10)
    case .real: (code, size, digits, radix) = (7, 24, nil, 2)
    case .double: (code, size, digits, radix) = (8, 53, nil, 2)
    case .decimal(let precision, let scale): (code, size, digits, radix) = (3, precision, scale, 10)
    case .varchar(let length):
      code = 12
      size = length ?? Int(Int32.max)
      octets = size
    case .char(let length):
      code = 1
      size = length
      octets = length
    case .varbinary: (code, size) = (-3, Int(Int32.max))
    case .date: (code, size) = (91, 14)
    case .time(let precision): (code, size, digits) = (92, 8 + (precision > 0 ? precision + 1 : 0), precision)
    case .timeWithTimeZone(let precision): (code, size, digits) = (2013, 14 + (precision > 0 ? precision + 1 : 0), precision)
    case .timestamp(let precision): (code, size, digits) = (93, 19 + (precision > 0 ? precision + 1 : 0), precision)
    case .timestampWithTimeZone(let precision): (code, size, digits) = (2014, 29 + (precision > 0 ? precision + 1 : 0), precision)
    case .array: code = 2003
    case .unknown, .json, .uuid, .ipaddress, .ipprefix, .intervalDayToSecond, .intervalYearToMonth, .map, .row, .hyperLogLog, .tdigest,
      .qdigest, .setDigest, .kllSketch,
      .function:
      code = 2000
    }
  }
}
