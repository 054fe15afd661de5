import Federation
import RemoteSQL
import SQLite
import Testing
import Values

/// Files that lie: an error that names the file, or whatever rows can still be made out; never a crash, never a loop, never memory on the word of
/// a broken record.
@Suite struct CorruptionTests {
  /// Pages of 1024 bytes: an interior root, leaves, and rows that go on in overflow pages.
  private static func sample() throws -> (FileBytes, root: Int) {
    let database = try ScratchDatabase(
      """
      PRAGMA page_size = 1024; CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c BLOB);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
        INSERT INTO t SELECT i, i * 77777, printf('%.*c', i % 90, 'x'), CASE WHEN i % 40 = 0 THEN zeroblob(5000) END FROM n;
      """)
    let file = try FileBytes(database.path)
    // the schema's only row ends in: rootpage, sql; the root of the first table of a fresh file is page 2
    return (file, 2)
  }

  /// With `handle` (of the file as it was before) nothing but the scan looks at the file: otherwise SQLite itself finds much when estimating.
  private static func read(_ file: FileBytes, _ columns: [String]? = nil, handle: RemoteTable? = nil) async throws
    -> Result<[[Constant]], PrestoError>
  {
    let database = try ScratchDatabase(file)
    let connector = SQLiteConnector(path: database.path, nullsInvalidValues: true)
    do {
      if let handle { return .success(try await connector.rows(handle, columns)) }
      return .success(try await connector.rows("t", columns))
    } catch {
      let error = PrestoError(error)
      #expect(error.message.contains(database.path) || error.code == .tableNotFound, "\(error.message)")
      return .failure(error)
    }
  }

  private static func handle(of file: FileBytes) async throws -> RemoteTable {
    let database = try ScratchDatabase(file)
    return try await SQLiteConnector(path: database.path).handle("t")
  }

  /// Offset of page `number`.
  private static func page(_ number: Int) -> Int { (number - 1) * 1024 }
  private static func children(_ file: FileBytes, _ root: Int) -> [Int] {
    (0..<file.number(at: page(root) + 3, 2)).map { file.number(at: page(root) + file.number(at: page(root) + 12 + 2 * $0, 2), 4) }
  }

  @Test func theFileIsFineBeforeItIsBroken() async throws {
    let (file, root) = try Self.sample()
    #expect(file.bytes[Self.page(root)] == 0x05)
    #expect(Self.children(file, root).allSatisfy { file.bytes[Self.page($0)] == 0x0D })
    #expect(try await Self.read(file).get().count == 400)
  }

  enum Damage: String, CaseIterable, Sendable {
    case childIsItsParent, childIsBeyondTheFile, childIsPageZero, childOfAnotherKind, childTwice, rightmostIsItsParent, tooManyCells
    case cellPointerBeyondThePage, cellPointerIntoTheHeader, payloadWithoutEnd, payloadOfNothing, headerWithoutEnd, fieldWithoutEnd
    case leafIsInterior, interiorOfLeaves
  }

  @Test(.timeLimit(.minutes(20)), arguments: Damage.allCases)
  func brokenTrees(_ damage: Damage) async throws {
    var (file, root) = try Self.sample()
    let top = Self.page(root), firstCell = top + file.number(at: top + 12, 2)
    let leafNumber = file.number(at: firstCell, 4), leaf = Self.page(leafNumber), cell = leaf + file.number(at: leaf + 8, 2)
    switch damage {
    case .childIsItsParent: file.put(root, at: firstCell, 4)
    case .childIsBeyondTheFile: file.put(9_999_999, at: firstCell, 4)
    case .childIsPageZero: file.put(0, at: firstCell, 4)
    case .childOfAnotherKind: file.bytes[leaf] = 0x0A
    case .childTwice: for i in 0..<file.number(at: top + 3, 2) { file.put(leafNumber, at: top + file.number(at: top + 12 + 2 * i, 2), 4) }
    case .rightmostIsItsParent: file.put(root, at: top + 8, 4)
    case .tooManyCells: file.put(0xFFFF, at: leaf + 3, 2)
    case .cellPointerBeyondThePage: file.put(0xFFF0, at: leaf + 8, 2)
    case .cellPointerIntoTheHeader: file.put(0, at: leaf + 8, 2)
    case .payloadWithoutEnd: for i in 0..<9 { file.bytes[cell + i] = 0xFF }
    case .payloadOfNothing: file.bytes[cell] = 0
    // payload length and row number of row 1 take a byte each
    case .headerWithoutEnd: file.bytes[cell + 2] = 0x7F
    case .fieldWithoutEnd: file.bytes[cell + 4] = 0x7E
    case .leafIsInterior: file.bytes[leaf] = 0x05
    case .interiorOfLeaves: file.bytes[top] = 0x0D
    }
    let handle = try await Self.handle(of: Self.sample().0)
    for result in [try await Self.read(file), try await Self.read(file, handle: handle)] {
      switch damage {
      case .childTwice: if case .success(let rows) = result { #expect(rows.count < 100_000) }
      default:
        guard case .failure(let error) = result else {
          Issue.record("read without an error")
          return
        }
        #expect(error.message.contains("corrupt"))
      }
    }
  }

  @Test(.timeLimit(.minutes(20)))
  func brokenChains() async throws {
    let (whole, root) = try Self.sample()
    // row 40: its payload goes on behind the bytes kept on the leaf
    var places: [(leaf: Int, pointer: Int)] = []
    for number in Self.children(whole, root) + [whole.number(at: Self.page(root) + 8, 4)] {
      let leaf = Self.page(number)
      for i in 0..<whole.number(at: leaf + 3, 2) {
        let cell = leaf + whole.number(at: leaf + 8 + 2 * i, 2)
        let payload = (whole.number(at: cell, 1) & 0x7F) << 7 | whole.number(at: cell + 1, 1)
        guard whole.bytes[cell] >= 0x80, whole.bytes[cell + 1] < 0x80, payload > 5000 else { continue }
        let minimum = (1024 - 12) * 32 / 255 - 23, fitted = minimum + (payload - minimum) % 1020
        let rowWidth = whole.bytes[cell + 2] >= 0x80 ? 2 : 1
        places.append((leaf, cell + 2 + rowWidth + (fitted <= 989 ? fitted : minimum)))
      }
    }
    try #require(places.count == 10)
    let first = whole.number(at: places[0].pointer, 4)
    let handle = try await Self.handle(of: whole)
    var circle = whole
    // the page leads to itself: the rest of the blob is read from it again and again, and ends where the record ends
    circle.put(first, at: Self.page(first), 4)
    let rows = try await Self.read(circle, handle: handle).get()
    #expect(rows.count == 400)
    // the columns before are none the worse
    #expect(rows[39][1] == .integer(40 * 77777))
    for next in [0, 9_999_999] {
      var broken = whole
      broken.put(next, at: Self.page(first), 4)
      guard case .failure(let error) = try await Self.read(broken, handle: handle) else {
        Issue.record("a chain that leads to \(next) was read")
        continue
      }
      #expect(error.message.contains("overflow chain leads to page \(next)"))
      // who does not ask for the blob does not see it
      #expect(try await Self.read(broken, ["id", "b"], handle: handle).get().count == 400)
    }
    // every record of a leaf claims to be as long as the file
    var greedy = whole
    let leaf = places[0].leaf
    for i in 0..<greedy.number(at: leaf + 3, 2) {
      let cell = leaf + greedy.number(at: leaf + 8 + 2 * i, 2), length = greedy.bytes.count - 2048
      for k in 0..<3 { greedy.bytes[cell + k] = UInt8(length >> (7 * (2 - k)) & 0x7F) | (k < 2 ? 0x80 : 0) }
    }
    guard case .failure(let error) = try await Self.read(greedy, handle: handle) else {
      Issue.record("records longer than the file were read")
      return
    }
    #expect(error.message.contains("corrupt"))
  }

  @Test(.timeLimit(.minutes(20)))
  func truncatedFiles() async throws {
    let (whole, _) = try Self.sample()
    var failures = 0
    for count in [0, 1, 16, 99, 100, 511, 1024, 1500, 2048, 3000, whole.bytes.count / 2, whole.bytes.count - 1024, whole.bytes.count - 1] {
      var file = whole
      file.bytes.removeLast(file.bytes.count - count)
      if case .failure = try await Self.read(file) { failures += 1 }
    }
    #expect(failures >= 12)
  }

  @Test(arguments: [0, 1, 3, 4, 1_000_000, -1])
  func wrongRoots(_ root: Int) async throws {
    let database = try ScratchDatabase(
      """
      PRAGMA page_size = 1024; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE INDEX i ON t(a); CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT);
      INSERT INTO t VALUES (1, 'one'); INSERT INTO u VALUES (7, 'seven');
      PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = \(root) WHERE name = 't';
      """)
    // page 1 is the schema's own table, 3 the index, 4 another table's root: only that can be told from nothing
    let error = await message { _ = try await SQLiteConnector(path: database.path, nullsInvalidValues: true).rows("t") }
    #expect(error != nil || root == 1 || root == 4, "\(root)")
  }

  @Test(.timeLimit(.minutes(20)))
  func randomDamage() async throws {
    let (whole, _) = try Self.sample()
    let handle = try await Self.handle(of: whole)
    let seed: UInt64 = 42
    var generator = Seeded(state: seed)
    var failures = 0
    for round in 0..<300 {
      var file = whole
      // the header stays, so that it is SQLite's own file
      for _ in 0..<(1 + round % 8) {
        file.bytes[Int.random(in: 1024..<whole.bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if round % 10 == 0 { file.bytes.removeLast(Int.random(in: 0..<whole.bytes.count - 4096, using: &generator)) }
      if case .failure = try await Self.read(file) { failures += 1 }
      _ = try await Self.read(file, handle: handle)
    }
    #expect(failures > 20, "seed \(seed)")
  }
}

struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
