import Values

/// One node of the schema, with the levels at which it is there.
///
/// A definition level says how deep a value is defined along its path: every optional or repeated step adds one. A repetition level says which
/// repeated step an entry continues: 0 starts a row. An entry reaches a slot of this node's vector if its definition level is at least
/// `containerDefinition` (and it starts a new slot: its repetition level is at most `containerRepetition`); the slot is not null if it is at
/// least `definition`.
package final class SchemaNode: Sendable {
  package enum Shape: Sendable {
    case leaf(LeafColumn)
    case list(SchemaNode)
    case map(key: SchemaNode, value: SchemaNode)
    case row([SchemaNode])
  }

  package let name: String
  package let type: DataType
  package let shape: Shape
  package let isOptional: Bool
  let definition: Int
  let containerDefinition: Int
  let containerRepetition: Int
  /// Positions of the leaves beneath, in the order of the file's column chunks.
  package let leaves: Range<Int>

  init(_ name: String, _ type: DataType, _ shape: Shape, isOptional: Bool, _ place: Place, leaves: Range<Int>) {
    self.name = name
    self.type = type
    self.shape = shape
    self.isOptional = isOptional
    definition = place.definition
    containerDefinition = place.containerDefinition
    containerRepetition = place.containerRepetition
    self.leaves = leaves
  }

  /// Levels on the way down.
  struct Place {
    var definition = 0
    var containerDefinition = 0
    var containerRepetition = 0

    /// Inside a list that is defined at this place's level.
    var inside: Place {
      Place(definition: definition + 1, containerDefinition: definition + 1, containerRepetition: containerRepetition + 1)
    }
  }

  /// The leaf of a column that is neither nested nor inside anything; nil for others.
  package var flatLeaf: LeafColumn? {
    guard case .leaf(let leaf) = shape, leaf.maximumRepetition == 0, leaf.maximumDefinition <= 1 else { return nil }
    return leaf
  }
}

/// A column of pages: a leaf of the schema.
package struct LeafColumn: Sendable {
  package let index: Int
  /// Dotted, as errors name it.
  package let path: String
  package let physical: PhysicalType
  /// Bytes of a fixed-length value.
  package let length: Int
  package let annotation: Annotation
  package let type: DataType
  let maximumDefinition: Int
  let maximumRepetition: Int
  let conversion: SlotConversion
  /// Why the column cannot be read; nil if it can.
  package let unsupported: String?
}

/// A top-level column, as a table shows it.
package struct ColumnSchema: Sendable {
  package let name: String
  package let type: DataType
  /// Why reading it fails with NOT_SUPPORTED; nil if it can be read. Its type is then `.unknown`.
  package let unsupported: String?
}
