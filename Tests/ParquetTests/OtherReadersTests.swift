import Glibc
import Parquet
import Testing
import Values

/// What we write, pyarrow and DuckDB read as what it is.
@Suite struct OtherReadersTests {
  @Test func readWhatWeWrite() throws {
    let python = Fixtures.folder + "/../venv/bin/python"
    try #require(access(python, X_OK) == 0, "no Python in \(python): run make fixtures")
    var template = Array("/tmp/minipresto-parquet-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    var arguments = [folder, Fixtures.folder]
    for (number, name) in WritingTests.sources.enumerated() {
      let file = try ParquetFile.open(LocalFile(path: "\(Fixtures.folder)/\(name).parquet"))
      let options = WritingTests.variants[number % WritingTests.variants.count].options
      _ = try rewrite(file, to: LocalOutput(path: "\(folder)/\(name).parquet"), options)
      arguments.append(name)
    }
    defer {
      for name in WritingTests.sources { unlink("\(folder)/\(name).parquet") }
      rmdir(folder)
    }
    #expect(run(python, ["-c", OtherReadersTests.script, fixtureScripts] + arguments) == 0, "see the differences printed above")
  }

  private var fixtureScripts: String {
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/") + "/Fixtures"
  }

  /// Every row by pyarrow against the expectation of the file it was made from; every row by DuckDB against that file, as text.
  private static let script = """
    import json, sys
    scripts, written, given, *names = sys.argv[1:]
    sys.path.insert(0, scripts)
    import duckdb, expected, pyarrow.parquet
    different = 0
    for name in names:
        table = pyarrow.parquet.read_table(f"{written}/{name}.parquet")
        columns = [[expected.value(x) for x in column] for column in table.columns]
        rows = [json.loads(json.dumps(row)) for row in zip(*columns)]
        wanted = [json.loads(line) for line in open(f"{given}/{name}.expected.jsonl", encoding="utf-8")][1:]
        for number, (row, wish) in enumerate(zip(rows, wanted)):
            if row != wish:
                print(name, "row", number, [(c, a, b) for c, a, b in zip(table.column_names, row, wish) if a != b][:3])
                different += 1
                break
        if len(rows) != len(wanted):
            print(name, len(rows), "rows instead of", len(wanted))
            different += 1
        try:
            theirs = duckdb.sql(f"select columns(*)::varchar from '{given}/{name}.parquet'").fetchall()
        except duckdb.Error:
            continue  # DuckDB cannot read the original
        ours = duckdb.sql(f"select columns(*)::varchar from '{written}/{name}.parquet'").fetchall()
        if len(ours) != len(theirs):
            print(name, "DuckDB finds", len(ours), "rows instead of", len(theirs))
            different += 1
    sys.exit(different != 0)
    """

  private func run(_ program: String, _ arguments: [String]) -> Int32 {
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    guard posix_spawn(&child, program, nil, nil, words, environ) == 0 else { return -1 }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    return status
  }
}
