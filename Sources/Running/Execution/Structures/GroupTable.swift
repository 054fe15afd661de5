import CVectors
import Glibc
import Values
import Vectors

/// Numbers distinct keys: the k-th new key gets group k. Open addressing over salted entries; key rows lie contiguous by group.
///
///     entries: [ salt (upper 32 bits of the hash) | group + 1 ]   0 = empty, load ≤ 1/2
///     rows:    [ key words of group 0 | group 1 | … ]
///     direct:  [ group + 1 of key 0 | of key 1 | … ]              single keys below 65,536 that were met before; 0 = ask the entries
final class GroupTable {
  private(set) var layout: KeyLayout
  private(set) var count = 0
  private var entries: Buffer
  private var mask: Int
  private var rows: Buffer
  private var rowCapacity: Int
  private var hashes: Buffer
  private var arena = Arena()
  /// Made once there are more groups than the nearest cache holds entries of.
  private var direct: Buffer?
  /// Whether nearly all keys met since then were small enough for it.
  private var hasSmallKeys = true
  /// Rows of nested keys need their values back: kept by value, those asked for before in one vector.
  private var nested: [Int: (known: Vector?, new: VectorBuilder)] = [:]

  init(_ layout: KeyLayout) {
    self.layout = layout
    mask = 1023
    entries = Buffer(zeroed: 1024 * 8)
    rowCapacity = 512
    rows = Buffer(byteCount: 512 * layout.width * 8)
    hashes = Buffer(byteCount: 512 * 8)
    for (index, column) in layout.columns.enumerated() where column.kind == .nested { nested[index] = (nil, VectorBuilder(column.type)) }
  }

  private static let directKeys = 1 << 16, fewestDirect = 512

  var byteCount: Int { entries.byteCount + rows.byteCount + hashes.byteCount + arena.byteCount + (direct?.byteCount ?? 0) }

  /// Where long texts of keys lie.
  var keyTexts: [Buffer] { arena.buffers }

  /// Hash of a group's key.
  func hash(of group: Int) -> UInt64 { hashes.pointer(as: UInt64.self)[group] }

  /// Writes the group of each encoded row. `vectors` are the columns the encoder encoded (nested ones are kept from there).
  func assign(_ encoder: KeyEncoder, _ vectors: [Vector], count n: Int, groups: UnsafeMutablePointer<UInt32>) {
    assign(words: encoder.words, hashes: encoder.hashes, vectors, count: n, groups: groups)
  }

  func assign(
    words: UnsafePointer<UInt64>, hashes: UnsafePointer<UInt64>, _ vectors: [Vector], count n: Int, groups: UnsafeMutablePointer<UInt32>
  ) {
    var start = 0
    while start < n {
      // in pieces, so that the table is grown before it can overfill
      let piece = min(n - start, 2048)
      reserve(count + piece)
      let w = words + start * layout.width, h = hashes + start, g = groups + start
      if layout.width == 1 && layout.isPlain {
        assignDirectly(w, h, piece, g)
      } else if layout.isPlain {
        assignRows(w, h, piece, g, isPlain: true)
      } else {
        assignRows(w, h, piece, g, isPlain: false)
      }
      if !nested.isEmpty { keepNested(vectors, start, piece, g) }
      start += piece
    }
  }

  /// Makes room for nulls in keys: every row gets null words of zero. Hashes stay as they are.
  func admitNulls() {
    if layout.hasNullWords { return }
    let wide = KeyLayout(layout.columns.map(\.type), hasNulls: true)
    let newRows = Buffer(byteCount: rowCapacity * wide.width * 8)
    let from = rows.pointer(as: UInt64.self), to = newRows.pointer(as: UInt64.self)
    let narrow = layout.columns.isEmpty ? 0 : layout.width
    for group in 0..<count {
      for k in 0..<wide.nullWords { to[group * wide.width + k] = 0 }
      for k in 0..<narrow { to[group * wide.width + wide.nullWords + k] = from[group * layout.width + k] }
    }
    rows = newRows
    layout = wide
  }

  /// Makes room for so many groups in all.
  func reserve(_ needed: Int) {
    if needed > rowCapacity {
      var larger = rowCapacity
      while larger < needed { larger *= 2 }
      let newRows = Buffer(byteCount: larger * layout.width * 8), newHashes = Buffer(byteCount: larger * 8)
      newRows.base.copyMemory(from: rows.base, byteCount: count * layout.width * 8)
      newHashes.base.copyMemory(from: hashes.base, byteCount: count * 8)
      rows = newRows
      hashes = newHashes
      rowCapacity = larger
    }
    if needed * 2 > mask + 1 {
      var size = mask + 1
      // few steps while small; large tables grow no further than they must
      while size < needed * 2 { size *= size < 1 << 17 ? 4 : 2 }
      entries = Buffer(zeroed: size * 8)
      mask = size - 1
      let e = entries.pointer(as: UInt64.self), h = hashes.pointer(as: UInt64.self)
      for group in 0..<count {
        var slot = Int(truncatingIfNeeded: h[group]) & mask
        while e[slot] != 0 { slot = (slot + 1) & mask }
        e[slot] = (h[group] & 0xFFFF_FFFF_0000_0000) | UInt64(group + 1)
      }
    }
  }

  /// Small keys by their own place, the others and new ones by their hashes.
  private func assignDirectly(
    _ words: UnsafePointer<UInt64>, _ hashes: UnsafePointer<UInt64>, _ n: Int, _ groups: UnsafeMutablePointer<UInt32>
  ) {
    let limit = UInt64(GroupTable.directKeys)
    guard hasSmallKeys, count >= GroupTable.fewestDirect, count <= GroupTable.directKeys else {
      return assignOneWord(words, hashes, n, groups)
    }
    let known = direct ?? Buffer(zeroed: GroupTable.directKeys * 4)
    direct = known
    let d = known.pointer(as: UInt32.self)
    var i = 0, large = 0
    while i < n {
      let key = words[i]
      let group = key < limit ? d[Int(truncatingIfNeeded: key)] : 0
      if group != 0 {
        groups[i] = group &- 1
        i &+= 1
        continue
      }
      // a run of such keys at once
      var end = i
      while end < n && (words[end] >= limit || d[Int(truncatingIfNeeded: words[end])] == 0) {
        large &+= (words[end] >= limit).bit
        end &+= 1
      }
      assignOneWord(words + i, hashes + i, end &- i, groups + i)
      for row in i..<end where words[row] < limit { d[Int(truncatingIfNeeded: words[row])] = groups[row] &+ 1 }
      i = end
    }
    // where larger keys come between them, asking twice costs more than it saves
    if large * 16 > n {
      hasSmallKeys = false
      direct = nil
    }
  }

  private func assignOneWord(
    _ words: UnsafePointer<UInt64>, _ hashes: UnsafePointer<UInt64>, _ n: Int, _ groups: UnsafeMutablePointer<UInt32>
  ) {
    let e = entries.pointer(as: UInt64.self), rows = rows.pointer(as: UInt64.self), kept = self.hashes.pointer(as: UInt64.self), mask = mask
    var count = count
    if mask > 1 << 14 { for i in 0..<n { mp_prefetch(e + (Int(truncatingIfNeeded: hashes[i]) & mask)) } }
    for i in 0..<n {
      let h = hashes[i], key = words[i]
      var slot = Int(truncatingIfNeeded: h) & mask
      let salt = h & 0xFFFF_FFFF_0000_0000
      while true {
        let entry = e[slot]
        if entry == 0 {
          e[slot] = salt | UInt64(count &+ 1)
          rows[count] = key
          kept[count] = h
          groups[i] = UInt32(truncatingIfNeeded: count)
          count &+= 1
          break
        }
        if entry & 0xFFFF_FFFF_0000_0000 == salt {
          let group = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
          if rows[group] == key {
            groups[i] = UInt32(truncatingIfNeeded: group)
            break
          }
        }
        slot = (slot &+ 1) & mask
      }
    }
    self.count = count
  }

  @inline(__always)
  private func assignRows(
    _ words: UnsafePointer<UInt64>, _ hashes: UnsafePointer<UInt64>, _ n: Int, _ groups: UnsafeMutablePointer<UInt32>, isPlain: Bool
  ) {
    let e = entries.pointer(as: UInt64.self), rows = rows.pointer(as: UInt64.self), kept = self.hashes.pointer(as: UInt64.self), mask = mask
    let w = layout.width, tails = layout.tailMask, layout = layout
    var count = count
    if mask > 1 << 14 { for i in 0..<n { mp_prefetch(e + (Int(truncatingIfNeeded: hashes[i]) & mask)) } }
    for i in 0..<n {
      let h = hashes[i], key = words + i &* w
      var slot = Int(truncatingIfNeeded: h) & mask
      let salt = h & 0xFFFF_FFFF_0000_0000
      while true {
        let entry = e[slot]
        if entry == 0 {
          e[slot] = salt | UInt64(count &+ 1)
          let row = rows + count &* w
          for k in 0..<w { row[k] = key[k] }
          if !isPlain { own(row) }
          kept[count] = h
          groups[i] = UInt32(truncatingIfNeeded: count)
          count &+= 1
          break
        }
        if entry & 0xFFFF_FFFF_0000_0000 == salt {
          let group = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
          let row = rows + group &* w
          var k = 0
          while k < w && row[k] == key[k] { k &+= 1 }
          if k == w || (!isPlain && KeyRows.equal(row, key, width: w, tails: tails, layout)) {
            groups[i] = UInt32(truncatingIfNeeded: group)
            break
          }
        }
        slot = (slot &+ 1) & mask
      }
    }
    self.count = count
  }

  /// Copies long texts of a new row into the table's own memory.
  private func own(_ row: UnsafeMutablePointer<UInt64>) {
    for tail in layout.textTails where row[tail - 1] & 0xFFFF_FFFF > 12 {
      row[tail] = arena.store(Bytes(head: row[tail - 1], tail: row[tail])).tail
    }
  }

  private func keepNested(_ vectors: [Vector], _ start: Int, _ n: Int, _ groups: UnsafePointer<UInt32>) {
    for (index, (known, builder)) in nested {
      let first = known?.count ?? 0
      for i in 0..<n where Int(groups[i]) == first + builder.count { builder.append(vectors[index], row: start + i) }
    }
  }

  /// Keys of groups as vectors.
  func keys(_ groups: Range<Int>) -> [Vector] {
    let rows = rows.pointer(as: UInt64.self), w = layout.width
    return layout.columns.enumerated().map { index, column in
      if let (known, new) = nested[index] {
        let all = known.map { new.count == 0 ? $0 : .concatenated([$0, new.finish()], type: column.type) } ?? new.finish()
        nested[index]?.known = all
        return all.slice(groups)
      }
      return KeyRows.vector(of: column, index, rows: rows + groups.lowerBound * w, count: groups.count, layout, heap: arena.buffers)
    }
  }
}
