import Settings
import Testing
import Values

@testable import Admission

func message(_ body: () throws -> Void) -> String {
  do { try body() } catch let error as PrestoError { return error.message } catch { return "\(error)" }
  return "no error"
}

@Suite struct ResourceGroupFileTests {
  /// The example of Presto's documentation, shortened.
  static let example = #"""
    {
      "rootGroups": [
        {
          "name": "global", "softMemoryLimit": "80%", "hardConcurrencyLimit": 100, "maxQueued": 1000,
          "schedulingPolicy": "weighted", "jmxExport": true,
          "subGroups": [
            {
              "name": "data_definition", "softMemoryLimit": "10%", "hardConcurrencyLimit": 5, "maxQueued": 100, "schedulingWeight": 1
            },
            {
              "name": "adhoc", "softMemoryLimit": "10%", "hardConcurrencyLimit": 50, "maxQueued": 1, "schedulingWeight": 10,
              "subGroups": [
                {
                  "name": "other", "softMemoryLimit": "10GB", "hardConcurrencyLimit": 2, "softConcurrencyLimit": 1, "maxQueued": 1,
                  "schedulingPolicy": "weighted_fair",
                  "subGroups": [
                    { "name": "${USER}", "softMemoryLimit": "10%", "hardConcurrencyLimit": 1, "maxQueued": 100 }
                  ]
                },
                {
                  "name": "bi-${toolname}", "softMemoryLimit": "10%", "hardConcurrencyLimit": 10, "maxQueued": 100,
                  "softCpuLimit": "1h", "hardCpuLimit": "2h",
                  "perQueryLimits": { "executionTimeLimit": "5m", "totalMemoryLimit": "1GB", "cpuTimeLimit": "1h" }
                }
              ]
            }
          ]
        },
        { "name": "admin", "hardConcurrencyLimit": 50, "maxQueued": 100, "schedulingPolicy": "query_priority" }
      ],
      "selectors": [
        { "user": "bob", "group": "admin" },
        { "source": ".*pipeline.*", "queryType": "DATA_DEFINITION", "group": "global.data_definition" },
        { "source": "jdbc#(?<toolname>.*)", "clientTags": ["hipri", "fast"], "group": "global.adhoc.bi-${toolname}" },
        { "sessionProperties": { "query_priority": "[5-9]" }, "group": "admin" },
        { "group": "global.adhoc.other.${USER}" }
      ],
      "cpuQuotaPeriod": "1h"
    }
    """#

  @Test func readsEveryProperty() throws {
    let groups = try ResourceGroups(parsing: Self.example, origin: "etc/resource-groups.json")
    #expect(groups.roots.map(\.name) == ["global", "admin"])
    let global = groups.roots[0]
    #expect(global.schedulingPolicy == .weighted && global.jmxExport && global.softMemoryLimit == .fraction(0.8))
    #expect(global.subGroups.map(\.schedulingWeight) == [1, 10])
    let other = try #require(groups.group(at: ["global", "adhoc", "other"]))
    #expect(other.softMemoryLimit == .bytes(10 << 30) && other.softConcurrencyLimit == 1 && other.schedulingPolicy == .weightedFair)
    let tools = try #require(groups.group(at: ["global", "adhoc", "bi-${toolname}"]))
    #expect(tools.softCpuLimit == .seconds(3600) && tools.hardCpuLimit == .seconds(7200))
    #expect(tools.perQueryLimits == .init(executionTime: .seconds(300), totalMemory: DataSize(bytes: 1 << 30), cpuTime: .seconds(3600)))
    #expect(groups.cpuQuotaPeriod == .seconds(3600) && groups.selectors.count == 5)
  }

  @Test(arguments: [
    ("bob", "x", "SELECT 1", [String](), [String: String](), "admin"),
    ("eve", "my_pipeline_7", "CREATE TABLE t (a bigint)", [], [:], "global.data_definition"),
    ("eve", "my_pipeline_7", "CREATE TABLE t AS SELECT 1", [], [:], "global.adhoc.other.eve"),
    ("eve", "jdbc#tableau", "SELECT 1", ["fast", "hipri", "x"], [:], "global.adhoc.bi-tableau"),
    ("eve", "jdbc#tableau", "SELECT 1", ["fast"], [:], "global.adhoc.other.eve"),
    ("eve", "", "SELECT 1", [], ["query_priority": "7"], "admin"),
    ("a.b", "", "SELECT 1", [], [:], "global.adhoc.other.a.b"),
  ])
  func selects(_ user: String, _ source: String, _ text: String, _ tags: [String], _ properties: [String: String], _ group: String) throws {
    var machine = AdmissionStateMachine(try ResourceGroups(parsing: Self.example, origin: "f"), memory: 1 << 40)
    let query = QuerySubmission(
      id: "q", user: user, source: source, clientTags: Set(tags), type: QueryType(of: text), properties: properties)
    let actions = machine.handle(.submit(query), at: 0)
    #expect(actions.count == 1)
    #expect(machine.group(of: "q")?.joined(separator: ".") == group)
  }

  @Test(arguments: [
    ("SELECT 1", "select"), ("/* x */ (WITH a AS (SELECT 1) TABLE a)", "select"), ("VALUES 1", "select"),
    ("insert into t values 1", "insert"),
    ("EXPLAIN SELECT 1", "explain"), ("SHOW TABLES", "describe"), ("DESCRIBE t", "describe"),
    ("create or replace table t as (select 1)", "insert"),
    ("CREATE VIEW v AS SELECT 1", "data_definition"), ("DROP TABLE t", "data_definition"), ("DELETE FROM t", "delete"),
    ("MERGE INTO t USING u ON TRUE WHEN MATCHED THEN DELETE", "merge"), ("ANALYZE t", "analyze"), ("UPDATE t SET a = 1", "update"),
    ("EXECUTE p USING 1", "insert"), ("SET SESSION a = 1", "data_definition"),
  ])
  func types(_ text: String, _ expected: String) {
    #expect(QueryType(of: text, prepared: ["p": "INSERT INTO t SELECT ?"])?.rawValue == expected)
  }

  @Test func noType() {
    #expect(QueryType(of: "") == nil)
    #expect(QueryType(of: "EXECUTE q") == nil)
    #expect(QueryType(of: "EXECUTE p", prepared: ["p": "EXECUTE p"]) == nil)
  }

  private static func file(_ group: String, selector: String = #"{"group": "g"}"#, _ rest: String = "") -> String {
    #"{"rootGroups": [{"name": "g", \#(group)}], "selectors": [\#(selector)]\#(rest)}"#
  }
  private static let plain = #""hardConcurrencyLimit": 1, "maxQueued": 1"#

  @Test(arguments: [
    ("{}", "f: 'rootGroups' is missing or empty"),
    (file(#""maxQueued": 1"#), "f: group 'g': 'hardConcurrencyLimit' is missing"),
    (file(#""hardConcurrencyLimit": 1"#), "f: group 'g': 'maxQueued' is missing"),
    (file(#""hardConcurrencyLimit": -1, "maxQueued": 1"#), "f: group 'g': 'hardConcurrencyLimit' must be a whole number of at least 0"),
    (
      file(plain + #", "maxQueue": 1"#),
      "f: group 'g': unknown key 'maxQueue'; possible are name, hardConcurrencyLimit, maxRunning, "
        + "softConcurrencyLimit, maxQueued, softMemoryLimit, softCpuLimit, hardCpuLimit, schedulingPolicy, schedulingWeight, jmxExport, "
        + "perQueryLimits, subGroups"
    ),
    (file(plain + #", "softMemoryLimit": "lots""#), "f: group 'g': 'softMemoryLimit' cannot be 'lots'; write it like 10% or 10GB"),
    (file(plain + #", "softMemoryLimit": "110%""#), "f: group 'g': 'softMemoryLimit' cannot be '110%'; write it like 10% or 10GB"),
    (
      file(plain + #", "softConcurrencyLimit": 2"#),
      "f: group 'g': 'softConcurrencyLimit' (2) must not be more than 'hardConcurrencyLimit' (1)"
    ),
    (file(plain + #", "hardCpuLimit": "1h""#), "f: group 'g': 'softCpuLimit' and 'hardCpuLimit' need 'cpuQuotaPeriod' beside 'rootGroups'"),
    (
      file(plain + #", "softCpuLimit": "2h", "hardCpuLimit": "1h""#, #", "cpuQuotaPeriod": "1h""#),
      "f: group 'g': 'softCpuLimit' must not be more than 'hardCpuLimit'"
    ),
    (
      file(plain + #", "schedulingPolicy": "random""#),
      "f: group 'g': 'schedulingPolicy' cannot be 'random'; possible are fair, weighted, weighted_fair, query_priority"
    ),
    (
      file(plain + #", "subGroups": [{"name": "s", "schedulingWeight": 2, \#(plain)}]"#),
      "f: group 'g': 'schedulingWeight' of sub-groups needs 'schedulingPolicy' weighted or weighted_fair here"
    ),
    (
      file(plain + #", "schedulingPolicy": "query_priority", "subGroups": [{"name": "s", \#(plain)}]"#),
      "f: group 'g': 'schedulingPolicy' query_priority needs the same in all sub-groups, but 's' has fair"
    ),
    (
      file(plain + #", "subGroups": [{"name": "s", \#(plain)}, {"name": "s", \#(plain)}]"#),
      "f: group 'g': subGroups[2]: there are two groups 'g.s'"
    ),
    (file(plain, selector: #"{"group": "h"}"#), "f: selectors[1]: 'group' names 'h', which is not among 'rootGroups'"),
    (
      file(plain + #", "subGroups": [{"name": "s", \#(plain)}]"#),
      "f: selectors[1]: 'group' names 'g', which has sub-groups; queries wait in leaves only"
    ),
    (
      file(plain + #", "subGroups": [{"name": "${TEAM}", \#(plain)}]"#, selector: #"{"group": "g.${TEAM}"}"#),
      "f: selectors[1]: 'group' uses ${TEAM}, which is neither USER, SOURCE, SCHEMA nor a named group of 'user' or 'source'"
    ),
    (
      file(plain, selector: #"{"group": "g", "queryType": "READ"}"#),
      "f: selectors[1]: 'queryType' cannot be 'READ'; possible are select, insert, update, delete, merge, analyze, explain, describe, data_definition"
    ),
    (
      file(plain, selector: #"{"group": "g", "user": "("}"#),
      "f: selectors[1]: 'user': '(' is no regular expression: missing closing parenthesis at character 2"
    ),
  ])
  func errors(_ text: String, _ expected: String) { #expect(message { _ = try ResourceGroups(parsing: text, origin: "f") } == expected) }
}
