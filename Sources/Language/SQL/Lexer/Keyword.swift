/// The words the grammar knows. A word is an identifier wherever the grammar does not ask for the keyword, unless it is reserved.
public enum Keyword: String, Hashable, Sendable, CaseIterable {
  // Reserved: must be quoted to be names. The words that are reserved in Presto and Trino alike; what only one of them reserves
  // (`auto`, `skip`, `trim` …) stays usable as a name.
  case alter = "ALTER", and = "AND", `as` = "AS", between = "BETWEEN", by = "BY", `case` = "CASE", cast = "CAST"
  case constraint = "CONSTRAINT", create = "CREATE", cross = "CROSS", cube = "CUBE", currentDate = "CURRENT_DATE"
  case currentTime = "CURRENT_TIME", currentTimestamp = "CURRENT_TIMESTAMP", currentUser = "CURRENT_USER"
  case deallocate = "DEALLOCATE", delete = "DELETE", describe = "DESCRIBE", distinct = "DISTINCT", drop = "DROP", `else` = "ELSE"
  case end = "END", escape = "ESCAPE", except = "EXCEPT", exists = "EXISTS", extract = "EXTRACT", `false` = "FALSE"
  case `for` = "FOR", from = "FROM", full = "FULL", group = "GROUP", grouping = "GROUPING", having = "HAVING", `in` = "IN"
  case inner = "INNER", insert = "INSERT", intersect = "INTERSECT", into = "INTO", `is` = "IS", join = "JOIN", left = "LEFT"
  case like = "LIKE", localTime = "LOCALTIME", localTimestamp = "LOCALTIMESTAMP", natural = "NATURAL", normalize = "NORMALIZE"
  case not = "NOT", null = "NULL", on = "ON", or = "OR", order = "ORDER", outer = "OUTER", prepare = "PREPARE", recursive = "RECURSIVE"
  case right = "RIGHT", rollup = "ROLLUP", select = "SELECT", table = "TABLE", then = "THEN", `true` = "TRUE", uescape = "UESCAPE"
  case union = "UNION", unnest = "UNNEST", using = "USING", values = "VALUES", when = "WHEN", `where` = "WHERE", with = "WITH"

  // Not reserved
  case absent = "ABSENT", add = "ADD", admin = "ADMIN", after = "AFTER", all = "ALL", analyze = "ANALYZE", any = "ANY", array = "ARRAY"
  case asc = "ASC", asymmetric = "ASYMMETRIC", at = "AT", authorization = "AUTHORIZATION", auto = "AUTO", before = "BEFORE"
  case bernoulli = "BERNOULLI", both = "BOTH", branch = "BRANCH", branches = "BRANCHES", call = "CALL", called = "CALLED"
  case cascade = "CASCADE", catalog = "CATALOG", catalogs = "CATALOGS", column = "COLUMN", columns = "COLUMNS", comment = "COMMENT"
  case commit = "COMMIT", committed = "COMMITTED", conditional = "CONDITIONAL", copartition = "COPARTITION"
  case corresponding = "CORRESPONDING", count = "COUNT", current = "CURRENT", currentCatalog = "CURRENT_CATALOG"
  case currentPath = "CURRENT_PATH", currentRole = "CURRENT_ROLE", currentSchema = "CURRENT_SCHEMA", data = "DATA", date = "DATE"
  case day = "DAY", `default` = "DEFAULT", definer = "DEFINER", deny = "DENY", desc = "DESC", descriptor = "DESCRIPTOR"
  case deterministic = "DETERMINISTIC", distributed = "DISTRIBUTED", double = "DOUBLE", empty = "EMPTY", encoding = "ENCODING"
  case error = "ERROR", exclude = "EXCLUDE", excluding = "EXCLUDING", execute = "EXECUTE", explain = "EXPLAIN", external = "EXTERNAL",
    fail = "FAIL"
  case fast = "FAST", fetch = "FETCH", filter = "FILTER", first = "FIRST", following = "FOLLOWING", format = "FORMAT"
  case forward = "FORWARD", function = "FUNCTION", functions = "FUNCTIONS", grace = "GRACE", grant = "GRANT", granted = "GRANTED"
  case grants = "GRANTS", groups = "GROUPS", hour = "HOUR", `if` = "IF", ignore = "IGNORE", ilike = "ILIKE", immediate = "IMMEDIATE"
  case including = "INCLUDING", inline = "INLINE", input = "INPUT", interval = "INTERVAL", invoker = "INVOKER", isolation = "ISOLATION"
  case json = "JSON", jsonArray = "JSON_ARRAY", jsonExists = "JSON_EXISTS", jsonObject = "JSON_OBJECT", jsonQuery = "JSON_QUERY"
  case jsonTable = "JSON_TABLE", jsonValue = "JSON_VALUE", keep = "KEEP", key = "KEY", keys = "KEYS", kill = "KILL"
  case language = "LANGUAGE", last = "LAST", lateral = "LATERAL", leading = "LEADING", level = "LEVEL", limit = "LIMIT"
  case listagg = "LISTAGG", local = "LOCAL", logical = "LOGICAL", map = "MAP", matched = "MATCHED", materialized = "MATERIALIZED"
  case merge = "MERGE", message = "MESSAGE", millisecond = "MILLISECOND", minute = "MINUTE", month = "MONTH", name = "NAME"
  case nested = "NESTED", next = "NEXT", nfc = "NFC", nfd = "NFD", nfkc = "NFKC", nfkd = "NFKD", no = "NO", none = "NONE"
  case nulls = "NULLS", object = "OBJECT", of = "OF", offset = "OFFSET", omit = "OMIT", only = "ONLY", option = "OPTION"
  case ordinality = "ORDINALITY", others = "OTHERS", output = "OUTPUT", over = "OVER", overflow = "OVERFLOW", overlaps = "OVERLAPS"
  case overlay = "OVERLAY", partition = "PARTITION", passing = "PASSING", path = "PATH", period = "PERIOD", placing = "PLACING"
  case plan = "PLAN", position = "POSITION", preceding = "PRECEDING", precision = "PRECISION", privileges = "PRIVILEGES"
  case properties = "PROPERTIES", prune = "PRUNE", qualify = "QUALIFY", quarter = "QUARTER", query = "QUERY", quotes = "QUOTES"
  case range = "RANGE", read = "READ", refresh = "REFRESH", rename = "RENAME", repeatable = "REPEATABLE", replace = "REPLACE"
  case reset = "RESET", respect = "RESPECT", restrict = "RESTRICT", `return` = "RETURN", returning = "RETURNING", returns = "RETURNS"
  case revoke = "REVOKE", role = "ROLE", roles = "ROLES", rollback = "ROLLBACK", row = "ROW", rows = "ROWS", scalar = "SCALAR"
  case schema = "SCHEMA", schemas = "SCHEMAS", second = "SECOND", security = "SECURITY", serializable = "SERIALIZABLE"
  case session = "SESSION", set = "SET", sets = "SETS", show = "SHOW", some = "SOME", stale = "STALE", start = "START", stats = "STATS"
  case string = "STRING", substring = "SUBSTRING", symmetric = "SYMMETRIC", system = "SYSTEM", systemTime = "SYSTEM_TIME"
  case systemVersion = "SYSTEM_VERSION", tables = "TABLES", tablesample = "TABLESAMPLE", temporary = "TEMPORARY", ties = "TIES"
  case time = "TIME", timestamp = "TIMESTAMP", to = "TO", trailing = "TRAILING", transaction = "TRANSACTION", trim = "TRIM"
  case truncate = "TRUNCATE", tryCast = "TRY_CAST", type = "TYPE", unbounded = "UNBOUNDED", uncommitted = "UNCOMMITTED"
  case unconditional = "UNCONDITIONAL", unique = "UNIQUE", unknown = "UNKNOWN", update = "UPDATE", use = "USE", user = "USER"
  case utf16 = "UTF16", utf32 = "UTF32", utf8 = "UTF8", value = "VALUE", verbose = "VERBOSE", version = "VERSION", view = "VIEW"
  case week = "WEEK", window = "WINDOW", within = "WITHIN", without = "WITHOUT", work = "WORK", wrapper = "WRAPPER", write = "WRITE"
  case year = "YEAR", zone = "ZONE"

  /// Whether the word must be quoted to be a name.
  public var isReserved: Bool {
    switch self {
    case .alter, .and, .as, .between, .by, .case, .cast, .constraint, .create, .cross, .cube, .currentDate, .currentTime, .currentTimestamp,
      .currentUser, .deallocate, .delete, .describe, .distinct, .drop, .else, .end, .escape, .except, .exists, .extract, .false,
      .for,
      .from, .full, .group, .grouping, .having, .in, .inner, .insert, .intersect, .into, .is, .join, .left, .like, .localTime,
      .localTimestamp,
      .natural, .normalize, .not, .null, .on, .or, .order, .outer, .prepare, .recursive, .right, .rollup, .select, .table, .then, .true,
      .uescape, .union, .unnest, .using, .values, .when, .where, .with:
      true
    default: false
    }
  }

  /// The keyword of a word in any case.
  public init?(word: String) {
    guard let keyword = Keyword.find(Array(word.utf8)[...]) else { return nil }
    self = keyword
  }

  /// The keyword spelled by ASCII bytes in any case.
  static func find(_ bytes: ArraySlice<UInt8>) -> Keyword? {
    guard bytes.count <= longest, let candidate = byHash[hash(bytes)] else { return nil }
    // Two words may share a hash: the spelling decides.
    var index = bytes.startIndex
    for byte in candidate.rawValue.utf8 {
      guard index < bytes.endIndex, uppercased(bytes[index]) == byte else { return nil }
      index += 1
    }
    return index == bytes.endIndex ? candidate : nil
  }

  private static let longest = allCases.reduce(0) { max($0, $1.rawValue.utf8.count) }
  private static let byHash: [UInt64: Keyword] = {
    var table: [UInt64: Keyword] = [:]
    for keyword in allCases { table[hash(Array(keyword.rawValue.utf8)[...])] = keyword }
    return table
  }()

  /// FNV-1a over the upper-cased bytes.
  private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(uppercased(byte))) &* 0x0000_0100_0000_01b3 }
    return hash
  }

  private static func uppercased(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte }
}
