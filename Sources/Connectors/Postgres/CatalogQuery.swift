import Federation
import RemoteSQL

/// What the server's catalog is asked. All texts are constant; names are parameters.
enum CatalogQuery {
  static let schemas = """
    SELECT nspname FROM pg_catalog.pg_namespace
    WHERE nspname NOT LIKE 'pg\\_toast%' AND nspname NOT LIKE 'pg\\_temp\\_%' AND nspname <> 'information_schema'
    ORDER BY nspname
    """

  static let matchingSchemas = "SELECT nspname FROM pg_catalog.pg_namespace WHERE lower(nspname) = lower($1) ORDER BY nspname"

  /// Columns of a table with their types as the server writes them.
  static let columnTypes = """
    SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped
    """

  static let tables = """
    SELECT n.nspname, c.relname
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE lower(n.nspname) = lower($1) AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
    ORDER BY c.relname
    """

  /// Relations of a name, spelled exactly so or without regard to case. A heap's size is taken from the file, not from statistics that may be
  /// missing.
  ///
  /// The last column is a stamp: as long as it is the same, so are columns, comments and statistics (not indexes). It consists of the transactions
  /// that wrote the rows of the catalog, the number of rows and how often it was analysed; null for what no ANALYZE has seen, whose size is a guess of
  /// the moment.
  static func relation(exactly: Bool) -> String {
    """
    SELECT r.oid, r.nspname, r.relname, r.relkind, r.pages, r.rows,
      CASE WHEN r.rows IS NOT NULL THEN pg_catalog.concat_ws(' ', r.xmin, r.rows,
        pg_catalog.pg_stat_get_analyze_count(r.oid) + pg_catalog.pg_stat_get_autoanalyze_count(r.oid),
        (SELECT pg_catalog.hashtext(pg_catalog.string_agg(pg_catalog.concat(a.attnum, ' ', a.xmin), ',' ORDER BY a.attnum))
          FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.oid AND a.attnum > 0),
        (SELECT pg_catalog.hashtext(pg_catalog.string_agg(pg_catalog.concat(d.objsubid, ' ', d.xmin), ',' ORDER BY d.objsubid))
          FROM pg_catalog.pg_description d WHERE d.objoid = r.oid AND d.classoid = 'pg_catalog.pg_class'::regclass)) END
    FROM (
      SELECT c.oid, c.xmin, n.nspname, c.relname, c.relkind,
        CASE WHEN c.relkind IN ('r', 'm') AND a.amname = 'heap'
          THEN pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int8 ELSE 0 END AS pages,
        CASE WHEN c.relkind <> 'p' AND c.reltuples >= 0 AND (c.relpages > 0 OR c.reltuples > 0) THEN c.reltuples END AS rows
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam
      WHERE \(exactly ? "n.nspname = $1 AND c.relname = $2" : "lower(n.nspname) = lower($1) AND lower(c.relname) = lower($2)")
        AND c.relkind IN ('r', 'v', 'm', 'f', 'p')) r
    """
  }

  /// Rows of all leaves of a partitioned table; null where one was never analysed.
  static let partitionedRows = """
    SELECT CASE WHEN bool_and(c.reltuples >= 0) THEN sum(c.reltuples) END
    FROM pg_catalog.pg_partition_tree($1::oid::regclass) p JOIN pg_catalog.pg_class c ON c.oid = p.relid WHERE p.isleaf
    """

  /// Domains resolved down to their base; arrays to their element.
  private static let typeColumns = """
    e.typname, e.typtype = 'b' AND en.nspname = 'pg_catalog', base.modifier,
    CASE WHEN base.is_array THEN greatest(f.dimensions, 1) ELSE 0 END, NOT coalesce(co.collisdeterministic, true)
    """

  private static let typeJoins = """
    CROSS JOIN LATERAL (
      WITH RECURSIVE chain(type, modifier, level) AS (
        SELECT f.type, f.modifier, 0
        UNION ALL
        SELECT t.typbasetype, t.typtypmod, chain.level + 1 FROM chain JOIN pg_catalog.pg_type t ON t.oid = chain.type WHERE t.typtype = 'd')
      SELECT chain.modifier, t.typcategory = 'A' AND t.typelem <> 0 AND t.typlen = -1 AS is_array,
        CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 AND t.typlen = -1 THEN t.typelem ELSE t.oid END AS type
      FROM chain JOIN pg_catalog.pg_type t ON t.oid = chain.type ORDER BY chain.level DESC LIMIT 1) base
    JOIN pg_catalog.pg_type e ON e.oid = base.type
    JOIN pg_catalog.pg_namespace en ON en.oid = e.typnamespace
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = f.sorting
    """

  /// Columns of a relation with what ANALYZE knows of them. Histograms only of numbers and dates, whose texts need no care. The last column is the
  /// same in all rows: the numbers of the columns of each index that no two rows share, `1 4,2`, included ones among them.
  static let columns = """
    SELECT f.name, \(typeColumns), f.required, pg_catalog.col_description(f.relation, f.number),
      s.null_frac, s.n_distinct, s.avg_width,
      CASE WHEN e.typcategory IN ('N', 'D') THEN s.histogram_bounds::text END,
      f.number,
      (SELECT pg_catalog.string_agg(i.indkey::text, ',') FROM pg_catalog.pg_index i
        WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL)
    FROM (
      SELECT attrelid AS relation, attnum AS number, attname AS name, atttypid AS type, atttypmod AS modifier, attndims AS dimensions,
        attcollation AS sorting, attnotnull AS required
      FROM pg_catalog.pg_attribute WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped) f
    \(typeJoins)
    LEFT JOIN pg_catalog.pg_stats s
      ON s.schemaname = $2 AND s.tablename = $3 AND s.attname = f.name AND s.inherited = ($4 = 'p') AND NOT base.is_array
    ORDER BY f.number
    """

  /// All relations of all schemas with their columns and comments. A type is resolved once, however many columns have it.
  static let inventory = """
    WITH attribute AS (
      SELECT n.nspname AS schema, c.relname AS relation, c.oid AS id, a.attnum AS number, a.attname AS name, a.atttypid AS type,
        a.atttypmod AS modifier, a.attndims AS dimensions, a.attcollation AS sorting, a.attnotnull AS required
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp\\_%' AND n.nspname <> 'information_schema'
        AND c.relkind IN ('r', 'v', 'm', 'f', 'p')),
    shape(type, modifier, dimensions, sorting, base, is_built_in, base_modifier, base_dimensions, is_loose) AS (
      SELECT f.type, f.modifier, f.dimensions, f.sorting, \(typeColumns)
      FROM (SELECT DISTINCT a.type, a.modifier, a.dimensions, a.sorting FROM attribute a WHERE a.type IS NOT NULL) f
      \(typeJoins))
    SELECT a.schema, a.relation, t.description, a.name, s.base, s.is_built_in, s.base_modifier, s.base_dimensions, s.is_loose, a.required,
      d.description
    FROM attribute a
      LEFT JOIN shape s ON s.type = a.type AND s.modifier = a.modifier AND s.dimensions = a.dimensions AND s.sorting = a.sorting
      LEFT JOIN pg_catalog.pg_description t ON t.objoid = a.id AND t.classoid = 'pg_catalog.pg_class'::regclass AND t.objsubid = 0
      LEFT JOIN pg_catalog.pg_description d
        ON d.objoid = a.id AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = a.number
    ORDER BY a.schema, a.relation, a.number
    """

  /// The most frequent values of each column and their shares of the rows.
  static let commonValues = """
    SELECT s.attname, u.value, u.share
    FROM pg_catalog.pg_stats s
      CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(s.most_common_vals::text::text[]), pg_catalog.unnest(s.most_common_freqs))
        WITH ORDINALITY AS u(value, share, place)
    WHERE s.schemaname = $1 AND s.tablename = $2 AND s.inherited = ($3 = 'p') AND u.place <= 128
      AND pg_catalog.octet_length(u.value) <= 64
    """

  /// The same for types alone: ids and modifiers of a query's columns, as array texts.
  static let types = """
    SELECT f.number, \(typeColumns)
    FROM (
      SELECT u.number, u.type, u.modifier, 1 AS dimensions, 0::oid AS sorting
      FROM ROWS FROM (pg_catalog.unnest($1::oid[]), pg_catalog.unnest($2::int4[])) WITH ORDINALITY AS u(type, modifier, number)) f
    \(typeJoins)
    ORDER BY f.number
    """

  /// One row if the table still lies in the file in which the transaction's snapshot found it. Who emptied or rewrote it since (TRUNCATE, many an
  /// ALTER TABLE, VACUUM FULL, REFRESH) put rows where the snapshot sees none, and where their addresses are others: the catalog's row is the
  /// snapshot's, the function's answer is of now.
  static func unchangedFile(of table: TableName) -> String {
    """
    SELECT 1 FROM pg_catalog.pg_class WHERE oid = \(PostgresLiteral.quoted(PostgresDialect().name(of: table)))::pg_catalog.regclass \
    AND relfilenode IN (0, pg_catalog.pg_relation_filenode(oid))
    """
  }

  /// The tables to read instead of one, each with its blocks and whether it may be read directly: row security and rights of a partitioned
  /// table do not hold for its partitions.
  static let leaves = """
    SELECT n.nspname, c.relname,
      CASE WHEN c.relkind IN ('r', 'm') AND a.amname = 'heap'
        THEN pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int8 ELSE 0 END,
      pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT root.relrowsecurity AND NOT c.relrowsecurity
    FROM pg_catalog.pg_class root JOIN pg_catalog.pg_namespace rn ON rn.oid = root.relnamespace
      CROSS JOIN LATERAL pg_catalog.pg_partition_tree(root.oid) p
      JOIN pg_catalog.pg_class c ON c.oid = p.relid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam
    WHERE rn.nspname = $1 AND root.relname = $2 AND p.isleaf
    ORDER BY 3 DESC, 1, 2
    """
}
