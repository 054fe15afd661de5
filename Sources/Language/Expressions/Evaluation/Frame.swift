import Values
import Vectors

/// The rows an expression is being evaluated for: a batch, some rows of a batch, or the elements a lambda runs over.
///
///     batch ──▶ Frame (root)                     all rows
///                 ├─▶ narrowed                   rows that survived so far: later conjuncts, branches of IF
///                 └─▶ elements                   one row per array element: lambda bodies; captured columns are spread over them
///
/// Kernels never see selections: a narrowed frame gathers each column it is asked for, once, and every value computed in a frame is as long as
/// the frame. Shared subexpressions are remembered per frame.
final class Frame {
  let count: Int
  private let batch: Batch?
  /// The frame this one's rows are numbered in: the nearest root or element frame above. nil for those themselves.
  private let base: Frame?
  private let rowsInBase: Selection?
  private let parent: Frame?
  private let rowsInParent: Selection?
  private var columns: [Vector?]
  private var memory: [Vector?]
  private let parameters: [Int32: Vector]

  /// `slots`: how many shared subexpressions there are.
  init(_ batch: Batch, slots: Int) {
    count = batch.count
    self.batch = batch
    (base, rowsInBase, parent, rowsInParent) = (nil, nil, nil, nil)
    columns = []
    memory = Array(repeating: nil, count: slots)
    parameters = [:]
  }

  /// Elements of arrays in `outer`'s rows: `rows[i]` is the row of element i.
  init(elementsOf outer: Frame, rows: Selection, parameters: [Int32: Vector]) {
    count = rows.count
    batch = nil
    (base, rowsInBase, parent, rowsInParent) = (nil, nil, outer, rows)
    columns = []
    memory = Array(repeating: nil, count: outer.memory.count)
    self.parameters = parameters
  }

  private init(_ parent: Frame, rows: Selection, base: Frame, rowsInBase: Selection) {
    count = rows.count
    batch = nil
    self.base = base
    self.rowsInBase = rowsInBase
    self.parent = parent
    rowsInParent = rows
    columns = []
    memory = Array(repeating: nil, count: parent.memory.count)
    parameters = [:]
  }

  /// The frame whose row numbers `Selection`s of predicates speak of.
  var root: Frame { base ?? self }
  /// This frame's rows, as rows of `root`; nil: all of them.
  var rowsOfRoot: Selection? { rowsInBase }

  /// Some rows of this frame, by their places in it.
  func narrowed(to rows: Selection) -> Frame {
    Frame(self, rows: rows, base: root, rowsInBase: rowsInBase?.composed(rows) ?? rows)
  }

  /// Some rows of `root`, among those of this frame.
  func narrowed(toRootRows rows: Selection) -> Frame {
    Frame(root, rows: rows, base: root, rowsInBase: rows)
  }

  func column(_ index: Int) -> Vector {
    if let batch { return batch.columns[index] }
    if index < columns.count, let known = columns[index] { return known }
    let vector: Vector
    if let base, let rowsInBase {
      if let parent, let rowsInParent, parent !== base, let held = parent.heldColumn(index) {
        vector = held.gathered(rowsInParent)
      } else {
        vector = base.column(index).gathered(rowsInBase)
      }
    } else if let parent, let rowsInParent {
      vector = Vector.dictionary(parent.column(index), indices: rowsInParent.rows, count: count)
    } else {
      return Vector.nulls(.unknown, count: count)
    }
    while columns.count <= index { columns.append(nil) }
    columns[index] = vector
    return vector
  }

  private func heldColumn(_ index: Int) -> Vector? { index < columns.count ? columns[index] : nil }

  /// A lambda's parameter; nil: not inside that lambda.
  func parameter(_ id: Int32) -> Vector? {
    if let own = parameters[id] { return own }
    if let base, let rowsInBase { return base.parameter(id)?.gathered(rowsInBase) }
    guard let parent, let rowsInParent, let outer = parent.parameter(id) else { return nil }
    return Vector.dictionary(outer, indices: rowsInParent.rows, count: count)
  }

  func remembered(_ slot: Int) -> Vector? {
    if let known = memory[slot] { return known }
    guard base != nil, let rowsInParent, let known = parent?.remembered(slot) else { return nil }
    let vector = known.gathered(rowsInParent)
    memory[slot] = vector
    return vector
  }

  func remember(_ vector: Vector, _ slot: Int) { memory[slot] = vector }
}
