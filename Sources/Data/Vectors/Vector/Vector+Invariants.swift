import Values

extension Vector {
  /// What every constructor promises; evaluated in debug builds only.
  var invariantsHold: Bool {
    switch encoding {
    case .flat(let values, _, let validity):
      return values.byteCount >= count * type.layout.width && type.layout.width > 0 && covers(validity)
    case .list(let offsets, let elements, let validity):
      return type.layout == .list && offsetsHold(offsets, elements.count) && covers(validity)
    case .map(let offsets, let keys, let values, let validity):
      return type.layout == .map && keys.count == values.count && offsetsHold(offsets, keys.count) && covers(validity)
    case .row(let fields, let validity):
      return type.layout == .row && fields.allSatisfy { $0.count == count } && covers(validity)
    case .constant(let value):
      if case .constant = value.encoding { return false }
      if case .dictionary = value.encoding { return false }
      return value.count == 1
    case .dictionary(let indices, let values):
      if case .constant = values.encoding { return false }
      if case .dictionary = values.encoding { return false }
      let p = indices.pointer(as: UInt32.self)
      for i in 0..<count where Int(p[i]) >= values.count { return false }
      return indices.byteCount >= count * 4
    }
  }

  private func covers(_ validity: Bitmap?) -> Bool { validity.map { $0.words.byteCount * 8 >= count } ?? true }

  private func offsetsHold(_ offsets: Buffer, _ limit: Int) -> Bool {
    guard offsets.byteCount >= (count + 1) * 4 else { return false }
    let p = offsets.pointer(as: Int32.self)
    for i in 0..<count where p[i] > p[i + 1] { return false }
    return p[0] >= 0 && Int(p[count]) <= limit
  }
}
