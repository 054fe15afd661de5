import Values
import Vectors

/// Makes empty grouped states.
public typealias AggregateMaker = @Sendable () -> any AggregateState

/// The states of one aggregate for all groups of one hash table; group numbers are dense from 0. Owned by one driver at a time.
///
/// Every method works on whole batches, so a dynamic call costs nothing per row. Nulls among the arguments are the aggregate's own business
/// (most skip them). FILTER, DISTINCT and ORDER BY inside aggregates are the operator's: it hands over only the rows that count, in order.
public protocol AggregateState: AnyObject {
  /// Makes room for groups 0..<count; new groups start in the initial state. Never shrinks.
  func resize(to count: Int)
  /// Row i belongs to group `groups[i]`. `arguments` is empty for count(*).
  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws
  /// All rows belong to group 0: the loop without a group look-up.
  func updateSingle(_ arguments: [Vector], count: Int) throws
  /// Group i of `other` (the same kind of state, 0..<count) goes into group `groups[i]` here.
  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws
  /// Results of the groups, as the function's result type.
  func results(_ groups: Range<Int>) throws -> Vector
  /// The states as a vector (any type), and back: what travels between machines and to disk.
  func partials(_ groups: Range<Int>) throws -> Vector
  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws
  /// Bytes retained.
  var byteCount: Int { get }
  /// No groups will be added for now: room beyond those there are may be given back.
  func shrink()
}

/// States that hold much for a group, and can give groups away without copying that.
public protocol SplittableState: AggregateState {
  /// A state of some groups alone: `groups[i]` here is group i there. They are not used here any more; no group is given away twice.
  func split(_ groups: UnsafePointer<UInt32>, count: Int) -> any AggregateState
}

extension AggregateState {
  public func shrink() {}
}
