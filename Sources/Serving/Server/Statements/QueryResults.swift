import MiniPresto
import Values

/// The protocol's `QueryResults` object, piece by piece, so that rows can be written between its parts.
enum QueryResults {
  static func begin(_ links: StatementLinks, _ json: inout JSONWriter) {
    json.field("id", links.id)
    json.field("infoUri", StatementLinks.info(links.base, links.id))
  }

  static func write(_ columns: [ResultColumn], _ request: ClientRequest, _ json: inout JSONWriter) {
    json.array("columns") { json in
      for column in columns {
        let signature = TypeSignature(type: column.type, dialect: request.dialect, isParametric: request.isParametric)
        json.object { json in
          json.field("name", column.name)
          json.field("type", signature.text)
          json.key("typeSignature")
          signature.write(&json)
        }
      }
    }
  }

  static func end(_ statement: Statement, _ outcome: Statement.Outcome, isLast: Bool, _ json: inout JSONWriter) {
    let info = statement.record.info
    json.key("stats")
    StatementStats(info, hasFailed: outcome.error != nil, isLast: isLast, statement.request.dialect).write(&json)
    if isLast, let error = outcome.error {
      json.key("error")
      write(error, statement.request.dialect, &json)
    }
    json.array("warnings") { json in for warning in outcome.warnings { write(warning, &json) } }
    json.field("updateType", outcome.updateType)
    if let count = outcome.updateCount { json.field("updateCount", count) }
  }

  private static func write(_ warning: QueryWarning, _ json: inout JSONWriter) {
    json.object { json in
      json.object("warningCode") { json in
        // Presto's StandardWarningCode
        json.field("code", warning.name == "REDUNDANT_ORDER_BY" ? 6 : 5)
        json.field("name", warning.name)
      }
      json.field("message", warning.message)
    }
  }

  static func write(_ error: PrestoError, _ dialect: ClientDialect, _ json: inout JSONWriter) {
    let code = Int(dialect == .trino ? error.code.number : error.code.prestoNumber)
    json.object { json in
      json.field("message", error.message)
      json.field("errorCode", code)
      json.field("errorName", error.code.name)
      json.field("errorType", error.code.kind.rawValue)
      if dialect == .presto { json.field("retriable", false) }
      location(error, &json)
      json.object("failureInfo") { json in
        json.field("type", failureType(error, dialect))
        json.field("message", error.message)
        json.array("suppressed") { _ in }
        json.array("stack") { _ in }
        location(error, &json)
        json.object("errorInfo") { json in
          json.field("code", code)
          json.field("name", error.code.name)
          json.field("type", error.code.kind.rawValue)
        }
      }
    }
  }

  private static func location(_ error: PrestoError, _ json: inout JSONWriter) {
    guard let location = error.location else { return }
    json.object("errorLocation") { json in
      json.field("lineNumber", location.line)
      json.field("columnNumber", location.column)
    }
  }

  /// The class name that clients of the dialect print.
  private static func failureType(_ error: PrestoError, _ dialect: ClientDialect) -> String {
    switch dialect {
    case .trino: error.code == .syntaxError ? "io.trino.sql.parser.ParsingException" : "io.trino.spi.TrinoException"
    case .presto:
      error.code == .syntaxError ? "com.facebook.presto.sql.parser.ParsingException" : "com.facebook.presto.spi.PrestoException"
    }
  }
}
