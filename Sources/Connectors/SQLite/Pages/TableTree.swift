import Values
import Vectors

/// A page of rows, and the highest row number it can hold.
struct Leaf: Sendable, Codable {
  var page: UInt32
  var upper: Int64
}

/// Walks down the b-tree of one table and lists its leaves in key order, one interior page's worth at a time.
///
///     interior (0x05)   header 12 bytes │ cell pointers… │ cells: u32 left child, varint highest row number in it
///     leaf     (0x0D)   header  8 bytes │ cell pointers… │ cells: varint payload length, varint row number, payload
///
/// All leaves lie equally deep, so interior pages alone are read once the depth is known. Page 1 carries the file header in its first 100 bytes.
struct TableTree {
  private let snapshot: Snapshot
  private let geometry: PageGeometry
  private let page: Buffer
  /// Children not visited yet, from the root down.
  private var path: [ArraySlice<Leaf>] = []
  /// Interior levels.
  private var depth = 0
  private var leafCount = 0

  /// Deeper than any tree of 2^31 pages can be: a loop in a corrupt file.
  private static let depthLimit = 40

  init(_ snapshot: Snapshot, _ geometry: PageGeometry, root: UInt32) throws {
    self.snapshot = snapshot
    self.geometry = geometry
    page = Buffer(byteCount: geometry.size)
    guard root >= 1, Int(root) <= geometry.count else { throw snapshot.corrupt("a table begins at page \(root) of \(geometry.count)") }
    // how deep the leaves are: down the left edge
    var number = root
    while let children = try children(of: Leaf(page: number, upper: .max)) {
      if depth == 0 { path = [children[...]] }
      number = children[0].page
      depth += 1
      if depth > TableTree.depthLimit { throw snapshot.corrupt("the b-tree of page \(root) has no end") }
    }
    if depth == 0 { path = [[Leaf(page: root, upper: .max)]] }
  }

  /// The leaves below the next interior page; nil: there are no more.
  mutating func nextLeaves() throws -> ArraySlice<Leaf>? {
    while let level = path.last {
      if path.count >= depth {
        path.removeLast()
        if level.isEmpty { continue }
        leafCount += level.count
        if leafCount > geometry.count { throw snapshot.corrupt("a b-tree refers to more pages than there are") }
        return level
      }
      guard let child = level.first else {
        path.removeLast()
        continue
      }
      path[path.count - 1] = level.dropFirst()
      guard let children = try children(of: child) else { throw snapshot.corrupt("page \(child.page) is a leaf above the other leaves") }
      path.append(children[...])
    }
    return nil
  }

  /// nil: a leaf. Never empty.
  private func children(of parent: Leaf) throws -> [Leaf]? {
    let number = parent.page
    try snapshot.read(number, count: 1, into: page.base)
    let header = number == 1 ? 100 : 0
    let bytes = UnsafePointer(page.pointer(as: UInt8.self))
    switch bytes[header] {
    case 0x0D: return nil
    case 0x05: break
    case let kind: throw snapshot.corrupt("page \(number) is of kind \(kind), not of a table")
    }
    let count = bytes.bigEndian16(header + 3)
    guard header + 12 + 2 * count <= geometry.size else { throw snapshot.corrupt("page \(number) has too many cells") }
    var children: [Leaf] = []
    children.reserveCapacity(count + 1)
    for i in 0..<count {
      let cell = bytes.bigEndian16(header + 12 + 2 * i)
      guard cell + 5 <= geometry.size else { throw snapshot.corrupt("page \(number), cell \(i) lies outside the page") }
      var key = bytes + cell + 4
      children.append(Leaf(page: UInt32(bytes.bigEndian32(cell)), upper: Int64(RecordDecoder.varint(&key))))
    }
    children.append(Leaf(page: UInt32(bytes.bigEndian32(header + 8)), upper: parent.upper))
    for child in children where child.page < 1 || Int(child.page) > geometry.count {
      throw snapshot.corrupt("page \(number) refers to page \(child.page) of \(geometry.count)")
    }
    return children
  }
}

extension UnsafePointer where Pointee == UInt8 {
  @inline(__always) func bigEndian16(_ offset: Int) -> Int {
    Int(UInt16(bigEndian: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt16.self)))
  }
  @inline(__always) func bigEndian32(_ offset: Int) -> Int {
    Int(UInt32(bigEndian: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt32.self)))
  }
}
