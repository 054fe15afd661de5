import CVectors
import Glibc
import Values
import Vectors

/// Numbers distinct keys: the k-th new key gets group k. Open addressing over salted entries; key rows lie contiguous by group.
///
///     entries: [ salt (upper 32 bits of the hash) | group + 1 ]   0 = empty, load ≤ 1/2
///     rows:    [ key words of group 0 | group 1 | … ]
final class GroupTable {
  private(set) var layout: KeyLayout
  private(set) var count = 0
  private var entries: Buffer
  private var mask: Int
  private var rows: Buffer
  private var rowCapacity: Int
  private var hashes: Buffer
  private var arena = Arena()
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

  var byteCount: Int { entries.byteCount + rows.byteCount + hashes.byteCount + arena.byteCount }

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
        assignOneWord(w, h, piece, g)
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

enum KeyRows {
  /// Equality of rows whose words may differ in the addresses of equal texts.
  @inline(__always)
  static func equal(_ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>, _ layout: KeyLayout) -> Bool {
    equal(a, b, width: layout.width, tails: layout.tailMask, layout)
  }

  @inline(__always)
  static func equal(_ a: UnsafePointer<UInt64>, _ b: UnsafePointer<UInt64>, width: Int, tails: UInt64, _ layout: KeyLayout) -> Bool {
    for k in 0..<width where a[k] != b[k] {
      let isTail = k < 64 ? (tails >> UInt64(k)) & 1 != 0 : layout.isTail(k)
      if !isTail || a[k &- 1] & 0xFFFF_FFFF <= 12 { return false }
      if !(Bytes(head: a[k &- 1], tail: a[k]) == Bytes(head: b[k &- 1], tail: b[k])) { return false }
    }
    return true
  }

  /// One key column of contiguous rows as a vector.
  static func vector(
    of column: KeyLayout.Column, _ index: Int, rows: UnsafePointer<UInt64>, count n: Int, _ layout: KeyLayout, heap: [Buffer]
  ) -> Vector {
    let type = column.type, w = layout.width, width = type.layout.width
    let values = Buffer(byteCount: n * width)
    let from = rows + column.offset
    switch width {
    case 1:
      let to = values.pointer(as: UInt8.self)
      for i in 0..<n { to[i] = UInt8(truncatingIfNeeded: from[i &* w]) }
    case 2:
      let to = values.pointer(as: UInt16.self)
      for i in 0..<n { to[i] = UInt16(truncatingIfNeeded: from[i &* w]) }
    case 4:
      let to = values.pointer(as: UInt32.self)
      for i in 0..<n { to[i] = UInt32(truncatingIfNeeded: from[i &* w]) }
    case 8:
      let to = values.pointer(as: UInt64.self)
      for i in 0..<n { to[i] = from[i &* w] }
    default:
      let to = values.pointer(as: SIMD2<UInt64>.self)
      for i in 0..<n { to[i] = SIMD2(from[i &* w], from[i &* w &+ 1]) }
    }
    var validity: Bitmap?
    if layout.hasNullWords {
      let words = Buffer(zeroed: Bitmap.wordCount(n) * 8)
      let bits = words.pointer(as: UInt64.self)
      var valid = 0
      for i in 0..<n {
        let bit = ~(rows[i &* w &+ (index >> 6)] >> UInt64(index & 63)) & 1
        bits[i >> 6] |= bit << UInt64(i & 63)
        valid += Int(bit)
      }
      if valid < n { validity = Bitmap(words: words, count: n) }
    }
    return .flat(type, count: n, values: values, heap: type.layout == .bytes ? heap : [], validity: validity)
  }
}
