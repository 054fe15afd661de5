import Values
import Vectors

/// Entries of one leaf made from some rows of a column: levels, and the rows of the leaf's vector that hold the values.
struct ShreddedLeaf {
  var definitions: [UInt32] = []
  var repetitions: [UInt32] = []
  var values: [UInt32] = []
  var vector: Vector?
}

/// Takes nested vectors apart into the levels and values of their leaves: the reverse of `NestedAssembly`.
struct Shredder {
  private(set) var leaves: [ShreddedLeaf]
  private let firstLeaf: Int

  init(_ node: WriterNode, _ vector: Vector) {
    firstLeaf = node.leaves.lowerBound
    leaves = Array(repeating: ShreddedLeaf(), count: node.leaves.count)
    locate(node, vector)
  }

  /// Finds the vectors of the leaves: encodings on the way down only rename rows.
  private mutating func locate(_ node: WriterNode, _ vector: Vector) {
    if case .leaf(let index) = node.shape {
      leaves[index - firstLeaf].vector = vector
      return
    }
    switch (node.shape, vector.encoding) {
    case (_, .constant(let inner)): locate(node, inner)
    case (_, .dictionary(_, let values)): locate(node, values)
    case (.list(let element), .list(_, let elements, _)): locate(element, elements)
    case (.map(let key, let value), .map(_, let keys, let values, _)):
      locate(key, keys)
      locate(value, values)
    case (.row(let nodes), .row(let fields, _)): for (child, field) in zip(nodes, fields) { locate(child, field) }
    default: break
    }
  }

  /// Row `row` of the column's vector.
  mutating func add(_ node: WriterNode, _ vector: Vector, row: Int, repetition: Int = 0, definition: Int = 0) {
    switch vector.encoding {
    case .constant(let inner):
      if case .leaf = node.shape { break }
      return add(node, inner, row: 0, repetition: repetition, definition: definition)
    case .dictionary(let indices, let values):
      if case .leaf = node.shape { break }
      return add(
        node, values, row: Int(indices.pointer(as: UInt32.self)[row]), repetition: repetition, definition: definition)
    case .flat, .list, .map, .row: break
    }
    if vector.isNull(at: row) { return addNothing(node, repetition: repetition, definition: definition) }
    let own = definition + (node.isOptional ? 1 : 0)
    switch (node.shape, vector.encoding) {
    case (.leaf(let index), _):
      leaves[index - firstLeaf].definitions.append(UInt32(own))
      leaves[index - firstLeaf].repetitions.append(UInt32(repetition))
      leaves[index - firstLeaf].values.append(UInt32(truncatingIfNeeded: row))
    case (.row(let nodes), .row(let fields, _)):
      for (child, field) in zip(nodes, fields) { add(child, field, row: row, repetition: repetition, definition: own) }
    case (.list(let element), .list(let offsets, let elements, _)):
      let bounds = offsets.pointer(as: Int32.self)
      if bounds[row] == bounds[row + 1] { return addNothing(node, repetition: repetition, definition: own) }
      for i in bounds[row]..<bounds[row + 1] {
        add(element, elements, row: Int(i), repetition: i == bounds[row] ? repetition : node.repetition, definition: own + 1)
      }
    case (.map(let key, let value), .map(let offsets, let keys, let values, _)):
      let bounds = offsets.pointer(as: Int32.self)
      if bounds[row] == bounds[row + 1] { return addNothing(node, repetition: repetition, definition: own) }
      for i in bounds[row]..<bounds[row + 1] {
        let level = i == bounds[row] ? repetition : node.repetition
        add(key, keys, row: Int(i), repetition: level, definition: own + 1)
        add(value, values, row: Int(i), repetition: level, definition: own + 1)
      }
    default: addNothing(node, repetition: repetition, definition: definition)
    }
  }

  private mutating func addNothing(_ node: WriterNode, repetition: Int, definition: Int) {
    for leaf in node.leaves {
      leaves[leaf - firstLeaf].definitions.append(UInt32(definition))
      leaves[leaf - firstLeaf].repetitions.append(UInt32(repetition))
    }
  }
}
