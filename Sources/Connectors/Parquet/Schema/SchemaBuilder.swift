import Values

/// Turns the footer's depth-first list of elements into a tree, with all forms of lists and maps that were ever written.
struct SchemaBuilder {
  private let elements: [SchemaElement]
  private var next = 0
  private(set) var leaves: [LeafColumn] = []
  private var path: [String] = []

  init(_ elements: [SchemaElement]) { self.elements = elements }

  /// The top-level columns.
  mutating func columns() throws(Malformed) -> [SchemaNode] {
    guard let root = elements.first else { throw Malformed("the schema is empty") }
    next = 1
    var result: [SchemaNode] = []
    for _ in 0..<(try children(of: root)) { result.append(try node(SchemaNode.Place())) }
    guard next == elements.count else { throw Malformed("the schema has \(elements.count - next) elements too many") }
    return result
  }

  private func children(of element: SchemaElement) throws(Malformed) -> Int {
    guard element.childCount >= 0, element.childCount <= elements.count else { throw Malformed("the schema ends early") }
    return element.childCount
  }

  private func peek(_ offset: Int = 0) throws(Malformed) -> SchemaElement {
    guard next + offset < elements.count else { throw Malformed("the schema ends early") }
    return elements[next + offset]
  }

  /// The next element with its own repetition. A repeated one outside a list is a list of required values.
  private mutating func node(_ place: SchemaNode.Place) throws(Malformed) -> SchemaNode {
    let element = try peek()
    guard path.count < 64 else { throw Malformed("the schema is nested too deeply") }
    path.append(element.name)
    defer { path.removeLast() }
    switch element.repetition {
    case .required: return try content(place, isOptional: false)
    case .optional:
      var inner = place
      inner.definition += 1
      return try content(inner, isOptional: true)
    case .repeated:
      let item = try content(place.inside, isOptional: false)
      return SchemaNode(element.name, .array(item.type), .list(item), isOptional: false, place, leaves: item.leaves)
    }
  }

  /// The next element, its repetition accounted for in `place`.
  private mutating func content(_ place: SchemaNode.Place, isOptional: Bool) throws(Malformed) -> SchemaNode {
    let element = try peek()
    next += 1
    guard place.definition < 255 else { throw Malformed("the schema is nested too deeply") }
    let count = try children(of: element)
    if let physical = element.physical, count == 0 { return try leaf(element, physical, place, isOptional) }
    guard count > 0 else { throw Malformed("group \(path.joined(separator: ".")) of the schema is empty") }
    let annotation = element.annotation
    if annotation == .list, count == 1, try peek().repetition == .repeated {
      let item = try listElement(of: element, place.inside)
      return SchemaNode(element.name, .array(item.type), .list(item), isOptional: isOptional, place, leaves: item.leaves)
    }
    if annotation == .map || annotation == .mapKeyValue, count == 1, try peek().repetition == .repeated, try peek().childCount == 2 {
      next += 1
      let key = try node(place.inside)
      let value = try node(place.inside)
      return SchemaNode(
        element.name, .map(key: key.type, value: value.type), .map(key: key, value: value), isOptional: isOptional, place,
        leaves: key.leaves.lowerBound..<value.leaves.upperBound)
    }
    var fields: [SchemaNode] = []
    for _ in 0..<count { fields.append(try node(place)) }
    let first = fields[0].leaves.lowerBound
    return SchemaNode(
      element.name, .row(fields.map { DataType.Field($0.name, $0.type) }), .row(fields), isOptional: isOptional, place,
      leaves: first..<leaves.count)
  }

  /// What stands in the repeated child of a list: usually a group around the element, but old writers put the element there itself.
  private mutating func listElement(of list: SchemaElement, _ place: SchemaNode.Place) throws(Malformed) -> SchemaNode {
    let middle = try peek()
    let isElement =
      middle.physical != nil && middle.childCount == 0 || middle.childCount != 1 || middle.name == "array"
      || middle.name == list.name + "_tuple" || middle.annotation == .list || middle.annotation == .map
    if isElement { return try content(place, isOptional: false) }
    if try peek(1).repetition == .repeated { return try content(place, isOptional: false) }
    next += 1
    return try node(place)
  }

  private mutating func leaf(
    _ element: SchemaElement, _ physical: PhysicalType, _ place: SchemaNode.Place, _ isOptional: Bool
  ) throws(Malformed) -> SchemaNode {
    if physical == .fixedLengthByteArray {
      guard element.length > 0, element.length <= 1 << 28 else {
        throw Malformed("column \(path.joined(separator: ".")) has values of \(element.length) bytes")
      }
    }
    let (type, conversion, unsupported) = element.slotType(physical)
    let index = leaves.count
    let column = LeafColumn(
      index: index, path: path.joined(separator: "."), physical: physical, length: element.length, annotation: element.annotation,
      type: type,
      maximumDefinition: place.definition, maximumRepetition: place.containerRepetition, conversion: conversion, unsupported: unsupported)
    leaves.append(column)
    return SchemaNode(element.name, type, .leaf(column), isOptional: isOptional, place, leaves: index..<index + 1)
  }
}
