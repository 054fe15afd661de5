import Vectors

/// One stage of filtering while decoding: columns, and what decides which of their rows stay.
///
/// Put the cheapest and most selective stage first: a later stage sees only what earlier ones left, and its columns are decoded for those rows
/// only.
package struct RowFilter {
  /// Top-level columns of the file, in the order in which `survivors` expects them.
  package var columns: [Int]
  /// The rows of the batch that stay, ascending; nil: all of them. Called once for each window of rows.
  package var survivors: (Batch) throws -> Selection?

  package init(columns: [Int], survivors: @escaping (Batch) throws -> Selection?) {
    self.columns = columns
    self.survivors = survivors
  }
}
