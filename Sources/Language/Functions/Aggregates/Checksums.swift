import Expressions
import Values
import Vectors

extension Function {
  static let checksums: [Function] = [
    .aggregate("checksum", [.T], .varbinary, "An order-independent checksum of all values") { _, result in flat(.checksumming, result) }
  ]
}

extension FlatKernels {
  /// The wrapping sum of `hash * prime`, a null counting as the prime itself; eight bytes, little-endian.
  static let checksumming = FlatKernels(
    stride: 16,
    initialize: { states, groups in fill(states, groups, BitwiseState(bits: 0)) },
    update: { target, arguments, groups, count in
      let states = target.states.assumingMemoryBound(to: BitwiseState.self)
      let hashes = rowHashes(arguments[0]), validity = arguments[0].rowValidity
      let hash = hashes.pointer(as: UInt64.self)
      for row in 0..<count {
        let isValid = validity?[row] ?? true
        states[Int(groups[row])].bits &+= Int64(bitPattern: isValid ? hash[row] &* XXHash64.prime1 : XXHash64.prime1)
        states[Int(groups[row])].isSet = true
      }
      withExtendedLifetime(hashes) {}
    },
    updateSingle: { states, arguments, count in
      let states = states.assumingMemoryBound(to: BitwiseState.self)
      let hashes = rowHashes(arguments[0]), validity = arguments[0].rowValidity
      let hash = hashes.pointer(as: UInt64.self)
      var sum: UInt64 = 0
      for row in 0..<count { sum &+= validity?[row] ?? true ? hash[row] &* XXHash64.prime1 : XXHash64.prime1 }
      states[0].bits &+= Int64(bitPattern: sum)
      if count > 0 { states[0].isSet = true }
      withExtendedLifetime(hashes) {}
    },
    merge: { into, from, groups, count in
      let target = into.assumingMemoryBound(to: BitwiseState.self), source = from.assumingMemoryBound(to: BitwiseState.self)
      for i in 0..<count {
        target[Int(groups[i])].bits &+= source[i].bits
        target[Int(groups[i])].isSet = target[Int(groups[i])].isSet || source[i].isSet
      }
    },
    results: { states, groups, type in
      try collect(states, groups, type) { (state: BitwiseState) -> Bytes? in
        if !state.isSet { return nil }
        return withUnsafeBytes(of: state.bits.littleEndian) { bytes in bytes.baseAddress.map { Bytes($0, count: 8) } }
      }
    })
}
