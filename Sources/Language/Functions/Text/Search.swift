import CVectors
import Glibc

/// Searching bytes in bytes.
enum Search {
  /// First place of `needle`; 0 for an empty one.
  static func first(_ haystack: UnsafeRawBufferPointer, _ needle: UnsafeRawBufferPointer) -> Int? {
    if needle.count == 0 { return 0 }
    if needle.count > haystack.count { return nil }
    guard let h = haystack.baseAddress, let n = needle.baseAddress else { return nil }
    if haystack.count < 64 {
      // short texts may lie inline in a view, with nothing readable behind them
      let first = needle[0], last = haystack.count - needle.count
      var i = 0
      while i <= last {
        if haystack[i] == first && memcmp(h + i, n, needle.count) == 0 { return i }
        i &+= 1
      }
      return nil
    }
    let found = mp_find(h.assumingMemoryBound(to: UInt8.self), haystack.count, n.assumingMemoryBound(to: UInt8.self), needle.count)
    return found < 0 ? nil : found
  }

  /// Last place of `needle`.
  static func last(_ haystack: UnsafeRawBufferPointer, _ needle: UnsafeRawBufferPointer) -> Int? {
    if needle.count > haystack.count { return nil }
    guard let h = haystack.baseAddress, let n = needle.baseAddress else { return needle.count == 0 ? haystack.count : nil }
    var i = haystack.count - needle.count
    while i >= 0 {
      if memcmp(h + i, n, needle.count) == 0 { return i }
      i -= 1
    }
    return nil
  }
}
