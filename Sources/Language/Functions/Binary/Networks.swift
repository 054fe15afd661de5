import Expressions
import Values
import Vectors

/// Addresses and the networks they lie in: the types ipaddress and ipprefix.
extension Function {
  static let networks: [Function] = [
    .vector("ip_prefix", "(ipaddress, bigint) -> ipprefix", "The network of so many fixed bits that an address lies in") {
      arguments, rows, context in
      let bits = arguments[1].reader(as: Int64.self)
      return try written(arguments, rows, context) { address, row, out in try write(network(address.array, bits[row]), &out) }
    },
    .vector("ip_prefix", "(varchar, bigint) -> ipprefix", "The network of so many fixed bits that an address lies in") {
      arguments, rows, context in
      let bits = arguments[1].reader(as: Int64.self)
      return try written(arguments, rows, context) { text, row, out in
        guard let address = IdentifierText.address(text) else {
          throw PrestoError(.invalidCastArgument, "Cannot cast value to IPADDRESS: \(text.string)")
        }
        try write(network(address, bits[row]), &out)
      }
    },
    .vector("ip_subnet_min", "(ipprefix) -> ipaddress", "The first address of a network") { arguments, rows, context in
      try written(arguments, rows, context) { prefix, _, out in write(NetworkText.bytes(Network(prefix).first), &out) }
    },
    .vector("ip_subnet_max", "(ipprefix) -> ipaddress", "The last address of a network") { arguments, rows, context in
      try written(arguments, rows, context) { prefix, _, out in write(NetworkText.bytes(Network(prefix).last), &out) }
    },
    .vector("ip_subnet_range", "(ipprefix) -> array(ipaddress)", "The first and the last address of a network") {
      arguments, rows, context in
      try lists(arguments, rows, context) { row in
        let network = Network(arguments[0].reader(as: Bytes.self)[row])
        return [NetworkText.bytes(network.first), NetworkText.bytes(network.last)]
      }
    },
    .vector("is_subnet_of", "(ipprefix, ipaddress) -> boolean", "Whether an address lies in a network") { arguments, rows, _ in
      try contained(arguments, rows) { outer, address in
        let number = NetworkText.number(address.array)
        return outer.first <= number && number <= outer.last
      }
    },
    .vector("is_subnet_of", "(ipprefix, ipprefix) -> boolean", "Whether the second network lies in the first") { arguments, rows, _ in
      try contained(arguments, rows) { outer, prefix in
        let inner = Network(prefix)
        return outer.first <= inner.first && inner.last <= outer.last
      }
    },
    .vector("is_private_ip", "(ipaddress) -> boolean", "Whether an address is not to be seen from the internet") { arguments, rows, _ in
      let addresses = arguments[0].reader(as: Bytes.self)
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.gated(rows, arguments[0].rowValidity, Bool.self) { row in
          let number = NetworkText.number(addresses[row].array)
          return Network.reserved.contains { $0.first <= number && number <= $0.last }
        }.vector(.boolean, rows: rows, heap: [])
      }
    },
    .vector("ip_prefix_subnets", "(ipprefix, bigint) -> array(ipprefix)", "The networks of so many fixed bits inside a network") {
      arguments, rows, context in
      let prefixes = arguments[0].reader(as: Bytes.self), lengths = arguments[1].reader(as: Int64.self)
      return try lists(arguments, rows, context) { row in try Network(prefixes[row]).parts(lengths[row]) }
    },
    .vector("ip_prefix_collapse", "(array(ipprefix)) -> array(ipprefix)", "The fewest networks with the same addresses") {
      arguments, rows, context in
      guard let all = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      let prefixes = all.elements.reader(as: Bytes.self)
      return try lists(arguments, rows, context) { row in
        try Network.collapsed(
          all.range(row).map { element in
            guard prefixes.isValid(element) else { throw invalidArgument("ip_prefix_collapse does not support null elements") }
            return Network(prefixes[element])
          })
      }
    },
  ]

  private static func network(_ address: [UInt8], _ bits: Int64) throws -> [UInt8] {
    guard let network = NetworkText.network(of: address, bits: Int(clamping: bits)) else {
      let width = NetworkText.width(address)
      throw invalidArgument("IPv\(width == 32 ? 4 : 6) subnet size must be in range [0, \(width)]")
    }
    return network
  }

  private static func write(_ bytes: [UInt8], _ out: inout TextWriter) { bytes.withUnsafeBytes { out.write($0) } }

  /// A value of bytes per row from the first argument's; null where any argument is.
  private static func written(
    _ arguments: [Vector], _ rows: Int, _ context: EvaluationContext, _ body: (Bytes, Int, inout TextWriter) throws -> Void
  ) throws -> Vector {
    let values = arguments[0].reader(as: Bytes.self)
    let gate = arguments.reduce(nil) { Bitmap.both($0, $1.rowValidity) }
    return try withExtendedLifetime(arguments) {
      try ScalarLoop.written(rows, gate, context.result) { row, out in try body(values[row], row, &out) }
    }
  }

  private static func lists(_ arguments: [Vector], _ rows: Int, _ context: EvaluationContext, _ body: (Int) throws -> [[UInt8]]) throws
    -> Vector
  {
    let builder = VectorBuilder(context.result, capacity: rows)
    for row in 0..<rows {
      if arguments.contains(where: { $0.isNull(at: row) }) {
        builder.appendNull()
        continue
      }
      for element in try body(row) { element.withUnsafeBytes { builder.children[0].append($0) } }
      builder.closeList()
    }
    withExtendedLifetime(arguments) {}
    return builder.finish()
  }

  private static func contained(_ arguments: [Vector], _ rows: Int, _ body: (Network, Bytes) -> Bool) throws -> Vector {
    let outer = arguments[0].reader(as: Bytes.self), inner = arguments[1].reader(as: Bytes.self)
    return try withExtendedLifetime(arguments) {
      try ScalarLoop.gated(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), Bool.self) { row in
        body(Network(outer[row]), inner[row])
      }.vector(.boolean, rows: rows, heap: [])
    }
  }
}

/// A network as the range of its addresses' numbers.
private struct Network {
  var first: UInt128, last: UInt128
  var isVersion4: Bool

  init(_ prefix: Bytes) {
    let bytes = prefix.array
    isVersion4 = NetworkText.isVersion4(bytes)
    first = NetworkText.number(bytes)
    last = first | NetworkText.hostMask(of: bytes.prefix(16), bits: Int(bytes.last ?? 0))
  }

  private init(_ first: UInt128, _ last: UInt128) {
    self.first = first
    self.last = last
    isVersion4 = first >> 32 == 0xFFFF
  }

  var width: Int { isVersion4 ? 32 : 128 }
  /// Fixed bits.
  var length: Int { width - (128 - (last - first).leadingZeroBitCount) }
  var bytes: [UInt8] { NetworkText.bytes(first) + [UInt8(length)] }

  /// The networks of a given length inside; none where that is shorter than its own.
  func parts(_ wanted: Int64) throws -> [[UInt8]] {
    guard wanted >= 0, wanted <= Int64(width) else {
      throw invalidArgument("Invalid prefix length for IPv\(isVersion4 ? 4 : 6): \(wanted)")
    }
    let doublings = Int(wanted) - length
    if doublings < 0 { return [] }
    if doublings > 20 { throw invalidArgument("More than \(1 << 20) networks of \(wanted) bits") }
    let step = UInt128(1) << UInt128(min(width - Int(wanted), 127))
    return (0..<UInt128(1) << UInt128(doublings)).map { NetworkText.bytes(first + $0 * step) + [UInt8(wanted)] }
  }

  /// Overlapping and adjacent ranges united, each then cut into the largest networks it starts with.
  static func collapsed(_ networks: [Network]) throws -> [[UInt8]] {
    guard let one = networks.first else { return [] }
    if networks.contains(where: { $0.isVersion4 != one.isVersion4 }) {
      throw invalidArgument("All IPPREFIX elements must be the same IP version.")
    }
    var ranges: [Network] = []
    for network in networks.sorted(by: { ($0.first, $0.last) < ($1.first, $1.last) }) {
      if let end = ranges.last?.last, end == .max || network.first <= end + 1 {
        ranges[ranges.count - 1].last = max(end, network.last)
      } else {
        ranges.append(network)
      }
    }
    var cut: [[UInt8]] = []
    for range in ranges {
      var start = range.first
      while true {
        // as many free bits as the start has zeros at its end and the range has room for
        var free = min(start.trailingZeroBitCount, one.width)
        func end(_ free: Int) -> UInt128 { free >= 128 ? .max : start + ((1 << UInt128(free)) - 1) }
        while free > 0 && end(free) > range.last { free -= 1 }
        cut.append(NetworkText.bytes(start) + [UInt8(one.width - free)])
        if end(free) >= range.last { break }
        start = end(free) + 1
      }
    }
    return cut
  }

  /// What the registries of special-purpose addresses (RFC 6890 and those after it) keep from the internet.
  static let reserved: [Network] = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
    "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "::/127", "64:ff9b:1::/48",
    "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
  ].compactMap { text in
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBytes { raw in
      raw.baseAddress.flatMap { NetworkText.network(Bytes($0, count: raw.count)) }.map { prefix in
        let first = NetworkText.number(prefix)
        return Network(first, first | NetworkText.hostMask(of: prefix.prefix(16), bits: Int(prefix[16])))
      }
    }
  }
}
