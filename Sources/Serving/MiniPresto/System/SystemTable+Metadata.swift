import Analysis
import Federation
import Values

/// `system.metadata`: catalogs and what is said about their tables.
extension SystemTable {
  static let metadata: [SystemTable] = [
    SystemTable("metadata", "catalogs", columns(.varchar, "catalog_name", "connector_id", "connector_name", "state")) { engine, _ in
      let broken = engine.brokenCatalogs
      return engine.catalogNames.map { name in
        [.text(name), .text(name), text(engine.connectorName(of: name)), .text(broken[name] == nil ? "OPERATIONAL" : "FAILING")]
      }
    },
    SystemTable("metadata", "table_comments", columns(.varchar, "catalog_name", "schema_name", "table_name", "comment")) { engine, handle in
      try await CatalogListing(engine, handle, catalog: "catalog_name", schema: "schema_name", table: "table_name").relations().map {
        [.text($0.catalog), .text($0.name.schema), .text($0.name.table), text($0.comment)]
      }
    },
    .empty(
      "metadata", "materialized_views",
      columns(.varchar, "catalog_name", "schema_name", "name", "storage_catalog", "storage_schema", "storage_table", "freshness")
        + [("last_fresh_time", .timestampWithTimeZone(precision: 3))] + columns(.varchar, "comment", "definition")),
    .empty("metadata", "schema_properties", columns(.varchar, "catalog_name", "property_name", "default_value", "type", "description")),
    .empty("metadata", "table_properties", columns(.varchar, "catalog_name", "property_name", "default_value", "type", "description")),
    .empty("metadata", "column_properties", columns(.varchar, "catalog_name", "property_name", "default_value", "type", "description")),
    .empty("metadata", "analyze_properties", columns(.varchar, "catalog_name", "property_name", "default_value", "type", "description")),
    .empty(
      "metadata", "materialized_view_properties",
      columns(.varchar, "catalog_name", "property_name", "default_value", "type", "description")),
  ]
}
