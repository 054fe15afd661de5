import Foundation
import NIOCore
import Settings
import Testing
import Values
import Vectors

@testable import Server

/// Segments of results beside the pages, without any client.
struct SegmentSpoolTests {
  private func spool(_ change: (inout SpoolConfiguration) -> Void = { _ in }) throws -> (SegmentSpool, directory: String) {
    var configuration = SpoolConfiguration()
    let directory = FileManager.default.temporaryDirectory.path + "/minipresto-spools-\(UUID().uuidString)"
    configuration.directory = directory
    change(&configuration)
    return (SegmentSpool(configuration), directory)
  }

  private func files(_ directory: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: directory).filter { !$0.hasSuffix("/lock") && $0.contains("/") }
  }

  @Test("A segment is a file until its client has it")
  func keeps() async throws {
    let (spool, directory) = try spool()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let name = try #require(await spool.keep(ByteBuffer(string: "[[1]]"), for: "q"))
    let file = try #require(spool.file(name))
    #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "[[1]]")
    #expect(file.byteCount == 5 && file.statement == "q")
    #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
    #expect(spool.use == (1, 5))
    #expect(await spool.drop(name))
    #expect(await !spool.drop(name))
    #expect(spool.file(name) == nil && spool.use == (0, 0))
    #expect(try files(directory).isEmpty)
  }

  @Test("What has no room is not kept, and room comes back")
  func isBounded() async throws {
    let (spool, directory) = try spool { $0.maximumBytes = 10 }
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let body = ByteBuffer(string: "123456")
    let first = try #require(await spool.keep(body, for: "a"))
    #expect(await spool.keep(body, for: "b") == nil)
    #expect(spool.use == (1, 6))
    await spool.drop(first)
    #expect(await spool.keep(body, for: "b") != nil)
    await spool.drop(of: "b")
    #expect(spool.use == (0, 0))
    #expect(try files(directory).isEmpty)
  }

  @Test("A directory that cannot be written keeps nothing")
  func withoutDirectory() async throws {
    let (spool, _) = try spool { $0.directory = "/proc/nowhere" }
    #expect(await spool.keep(ByteBuffer(string: "x"), for: "q") == nil)
    #expect(spool.use == (0, 0))
  }

  @Test("Segments whose time is over go, and a closed spool leaves nothing")
  func expires() async throws {
    let (spool, directory) = try spool { $0.timeToLive = .zero }
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let name = try #require(await spool.keep(ByteBuffer(string: "x"), for: "q"))
    await spool.sweep()
    #expect(spool.file(name) == nil)
    #expect(await spool.keep(ByteBuffer(string: "y"), for: "q") != nil)
    spool.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
    #expect(await spool.keep(ByteBuffer(string: "z"), for: "q") == nil)
  }

  @Test("Directories that dead servers left are removed, those of the living stay")
  func removesAbandoned() async throws {
    let (living, directory) = try spool()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let name = try #require(await living.keep(ByteBuffer(string: "x"), for: "q"))
    let abandoned = directory + "/minipresto-spool-dead"
    try FileManager.default.createDirectory(atPath: abandoned, withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: abandoned + "/lock"))
    var configuration = SpoolConfiguration()
    configuration.directory = directory
    let other = SegmentSpool(configuration)
    #expect(await other.keep(ByteBuffer(string: "x"), for: "q") != nil)
    #expect(!FileManager.default.fileExists(atPath: abandoned))
    let path = try #require(living.file(name)).path
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test("Pieces begin small, double up to their limit, and hold every row once")
  func cuts() throws {
    var configuration = SpoolConfiguration()
    (configuration.initialSegmentBytes, configuration.maximumSegmentBytes) = (100, 400)
    var cutter = SegmentCutter(configuration, isParametric: true)
    let builder = VectorBuilder(.bigint, capacity: 1000)
    for i in 0..<1000 { builder.append(Constant.integer(Int64(i))) }
    let batch = Batch([builder.finish()], count: 1000)
    var pieces: [SegmentCutter.Piece] = []
    var row = 0
    while row < batch.count {
      row = cutter.write(batch, from: row)
      if cutter.isFull, let piece = cutter.cut() { pieces.append(piece) }
    }
    if let piece = cutter.cut() { pieces.append(piece) }
    #expect(cutter.cut() == nil)
    #expect(pieces.map(\.body.readableBytes).dropLast().allSatisfy { (100...410).contains($0) })
    #expect(pieces[0].body.readableBytes < 120 && pieces[1].body.readableBytes < 220 && pieces[3].body.readableBytes >= 400)
    var next = 0
    for piece in pieces {
      #expect(piece.rowOffset == next)
      let rows = try #require(try JSONSerialization.jsonObject(with: Data(piece.body.readableBytesView)) as? [[Int]])
      #expect(rows == (next..<next + piece.rowCount).map { [$0] })
      next += piece.rowCount
    }
    #expect(next == 1000)
  }

  @Test("The first encoding of the client's list that there is")
  func negotiates() {
    #expect(DataEncoding.accepted("json+zstd,json+lz4,json") == .zstd)
    #expect(DataEncoding.accepted("arrow, JSON+LZ4") == .lz4)
    #expect(DataEncoding.accepted("arrow") == nil)
    #expect(DataEncoding.accepted(nil) == nil)
  }

  @Test("Trino's properties")
  func configures() throws {
    var configuration = SpoolConfiguration()
    try configuration.apply(
      Properties([
        "protocol.spooling.enabled": "false", "fs.location": "file:///var/spool", "fs.segment.ttl": "2h",
        "protocol.spooling.max-segment-size": "16MB", "protocol.spooling.max-size": "1GB",
      ]))
    #expect(!configuration.isEnabled && configuration.directory == "/var/spool" && configuration.timeToLive == .seconds(7200))
    #expect(configuration.maximumSegmentBytes == 16 << 20 && configuration.maximumBytes == 1 << 30)
  }
}
