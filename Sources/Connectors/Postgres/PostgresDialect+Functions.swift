import Expressions
import RemoteSQL
import Values

extension PostgresDialect {
  /// Families whose `=` and order are ours: exact numbers, texts by bytes, instants.
  private static let exactly: Set<TypeFamily> = .numbers.union(Set.temporal).union([.boolean, .binary])

  static let functionTemplates: [String: [SQLTemplate]] = {
    typealias Operator = FunctionID.Operator
    var table: [String: [SQLTemplate]] = [
      // Comparisons. Texts order by their bytes whatever the column's collation; equality is bytewise in every collation that reaches here.
      // A server's NaN equals itself and is greater than every number, so comparisons of floating point are exact only where NaN cannot
      // be told apart: with a finite constant, on the side where NaN fails in either meaning.
      Operator.equal: [
        SQLTemplate("$1 = $2", accepting: exactly.union([.text, .character, .uuid])),
        SQLTemplate("$1 = $2", accepting: [.approximate], where: { $0.hasFinite(0) || $0.hasFinite(1) }),
      ],
      Operator.notEqual: [
        SQLTemplate("$1 <> $2", accepting: exactly.union([.text, .character, .uuid])),
        SQLTemplate("$1 <> $2", accepting: [.approximate], where: { $0.hasFinite(0) || $0.hasFinite(1) }),
      ],
      Operator.isDistinctFrom: [SQLTemplate("$1 IS DISTINCT FROM $2", accepting: exactly.union([.text, .character, .uuid]))],
      Operator.lessThan: less("<"),
      Operator.lessThanOrEqual: less("<="),
      Operator.greaterThan: greater(">"),
      Operator.greaterThanOrEqual: greater(">="),
      // Ours has no escape character unless one is given; theirs has. ILIKE and regular expressions stay here, even where they mean the same: the
      // server takes 0.5 to 1.1 µs for a comment of TPC-H, and 0.2 to send it.
      Operator.like: [
        SQLTemplate("$1 LIKE $2 ESCAPE ''", accepting: [.text], where: { $0.arguments.count == 2 && $0.constant(1) != nil }),
        SQLTemplate("$1 LIKE $2 ESCAPE $3", accepting: [.text], where: { $0.hasSoundEscapes }),
      ],

      // Arithmetic. Overflow is an error on both sides. The server has no tinyint. A division is sent only where its divisor is a constant
      // that cannot fail, since the server chooses the order of conditions. Decimals only where no result can need more than 38 digits.
      Operator.add: [
        SQLTemplate("$1 + $2", accepting: [.integer], where: { $0.type != .tinyint }),
        SQLTemplate("$1 + $2", accepting: [.exact], where: { $0.sumFits }),
      ],
      Operator.subtract: [
        SQLTemplate("$1 - $2", accepting: [.integer], where: { $0.type != .tinyint }),
        SQLTemplate("$1 - $2", accepting: [.exact], where: { $0.sumFits }),
      ],
      Operator.multiply: [
        SQLTemplate("$1 * $2", accepting: [.integer], where: { $0.type != .tinyint }),
        SQLTemplate("$1 * $2", accepting: [.exact], where: { $0.productFits }),
      ],
      Operator.divide: [SQLTemplate("$1 / $2", accepting: [.integer], where: { $0.type != .tinyint && $0.hasSafeDivisor })],
      Operator.modulus: [SQLTemplate("$1 % $2", accepting: [.integer], where: { $0.type != .tinyint && $0.hasSafeDivisor })],
      Operator.negate: [
        SQLTemplate("- $1", accepting: [.integer], where: { $0.type != .tinyint }), SQLTemplate("- $1", accepting: [.exact]),
      ],
      "abs": [SQLTemplate("abs($1)", accepting: [.integer], where: { $0.type != .tinyint }), SQLTemplate("abs($1)", accepting: [.exact])],

      // Text, in code points on both sides. Case mapping, trimming and padding depend on locales or differ: they stay here.
      Operator.concatenate: [SQLTemplate("$1 || $2", accepting: [.text], where: { $0.arguments.count == 2 })],
      "length": [SQLTemplate("length($1)::int8", accepting: [.text])],
      "starts_with": [SQLTemplate("starts_with($1, $2)", accepting: [.text])],
      "strpos": [SQLTemplate("strpos($1, $2)::int8", accepting: [.text], where: { $0.arguments.count == 2 })],
      "substr": substring,
      "substring": substring,

      // Parts of dates. The server has no year 0: its years before 1 AD count from -1.
      "year": [
        SQLTemplate(
          "(extract(year FROM $1) + CASE WHEN extract(year FROM $1) < 0 THEN 1 ELSE 0 END)::int8", accepting: [.date, .timestamp])
      ],
    ]
    for (name, field) in [
      ("quarter", "quarter"), ("month", "month"), ("day", "day"), ("day_of_month", "day"), ("day_of_week", "isodow"), ("dow", "isodow"),
      ("day_of_year", "doy"), ("doy", "doy"),
    ] {
      table[name] = [SQLTemplate("extract(\(field) FROM $1)::int8", accepting: [.date, .timestamp])]
    }
    for field in ["hour", "minute"] { table[field] = [SQLTemplate("extract(\(field) FROM $1)::int8", accepting: [.timestamp, .time])] }
    table["date_trunc"] = [
      // A date would become a zoned timestamp unless told otherwise.
      SQLTemplate("date_trunc($1, $2::timestamp)::date", accepting: [.text, .date], where: { $0.truncates(.date) }),
      SQLTemplate("date_trunc($1, $2)", accepting: [.text, .timestamp], where: { $0.truncates(.timestamp) }),
    ]
    return table
  }()

  private static func less(_ sign: String) -> [SQLTemplate] {
    [
      SQLTemplate("$1 \(sign) $2", accepting: exactly),
      SQLTemplate("$1 COLLATE \"C\" \(sign) $2 COLLATE \"C\"", accepting: [.text]),
      SQLTemplate("$1 \(sign) $2", accepting: [.approximate], where: { $0.hasFinite(1) }),
      SQLTemplate("$1 \(sign) $2", accepting: [.approximate], isSuperset: true, where: { $0.hasFinite(0) }),
    ]
  }

  private static func greater(_ sign: String) -> [SQLTemplate] {
    [
      SQLTemplate("$1 \(sign) $2", accepting: exactly),
      SQLTemplate("$1 COLLATE \"C\" \(sign) $2 COLLATE \"C\"", accepting: [.text]),
      SQLTemplate("$1 \(sign) $2", accepting: [.approximate], where: { $0.hasFinite(0) }),
      SQLTemplate("$1 \(sign) $2", accepting: [.approximate], isSuperset: true, where: { $0.hasFinite(1) }),
    ]
  }

  /// Only from a known place on: places before the first mean other things here and there.
  private static let substring: [SQLTemplate] = [
    SQLTemplate(
      "substring($1, ($2)::int4)", accepting: [.text, .integer],
      where: { $0.arguments.count == 2 && $0.isText(0) && $0.hasConstant(1, in: 1...Int128(Int32.max)) }),
    SQLTemplate(
      "substring($1, ($2)::int4, ($3)::int4)", accepting: [.text, .integer],
      where: {
        $0.arguments.count == 3 && $0.isText(0) && $0.hasConstant(1, in: 1...1_000_000_000) && $0.hasConstant(2, in: 0...1_000_000_000)
      }),
  ]
}

extension SQLCall {
  fileprivate func hasFinite(_ index: Int) -> Bool {
    switch constant(index) {
    case .double(let value)?: value.isFinite
    case .real(let value)?: value.isFinite
    default: false
    }
  }

  fileprivate func hasConstant(_ index: Int, in range: ClosedRange<Int128>) -> Bool {
    constant(index)?.wideValue.map { range.contains($0) } ?? false
  }

  fileprivate func isText(_ index: Int) -> Bool { TypeFamily(arguments[index].type) == .text }

  /// A constant other than 0, and other than -1, by which the smallest number cannot be divided.
  fileprivate var hasSafeDivisor: Bool { constant(1)?.wideValue.map { $0 != 0 && $0 != -1 } ?? false }

  fileprivate var sumFits: Bool {
    guard case .decimal(let p, let s) = arguments[0].type, case .decimal(let q, let t) = arguments[1].type else { return false }
    return max(p - s, q - t) + max(s, t) + 1 <= 38
  }

  fileprivate var productFits: Bool {
    guard case .decimal(let p, _) = arguments[0].type, case .decimal(let q, _) = arguments[1].type else { return false }
    return p + q <= 38
  }

  /// Escapes only before `%`, `_` and the escape character itself: anything else is an error here and means itself there.
  fileprivate var hasSoundEscapes: Bool {
    guard arguments.count == 3, let pattern = constant(1)?.text, let escape = constant(2)?.text?.unicodeScalars, escape.count == 1,
      let mark = escape.first
    else { return false }
    var rest = pattern.unicodeScalars.makeIterator()
    while let scalar = rest.next() {
      if scalar == mark {
        guard let next = rest.next(), next == mark || next == "%" || next == "_" else { return false }
      }
    }
    return true
  }

  fileprivate func truncates(_ family: TypeFamily) -> Bool {
    guard arguments.count == 2, TypeFamily(arguments[1].type) == family, let unit = constant(0)?.text else { return false }
    switch unit {
    case "day", "week", "month", "quarter", "year": return true
    case "second", "minute", "hour": return family == .timestamp
    default: return false
    }
  }
}
