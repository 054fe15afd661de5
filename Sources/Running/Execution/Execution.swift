import Expressions
import Federation
import Plans
import Values
import Vectors

/// A running query: batches of exactly the plan's outputs, until nil or an error. One reader.
public final class RunningPlan: Sendable {
  private let channel: BatchChannel
  private let task: Task<Void, Never>

  /// Starts running at once. `plan` is optimized.
  public init(_ plan: Plan, _ context: ExecutionContext) throws {
    var planner = LocalPlanner(context)
    let root = try planner.channels(try planner.stage(plan, needed: Set(plan.outputs)), plan.outputs)
    let channel = BatchChannel(writers: root.parallelism)
    let pipelines = planner.pipelines + [Pipeline(stage: root) { _ in ResultSink(channel) }]
    let slots = planner.filterSlots
    self.channel = channel
    task = Task(executorPreference: context.executor) {
      do {
        try await withThrowingTaskGroup(of: Bool.self) { group in
          for (index, pipeline) in pipelines.enumerated() {
            let isRoot = index == pipelines.count - 1
            for driver in 0..<pipeline.stage.parallelism {
              group.addTask(executorPreference: context.executor) {
                do { try await pipeline.drive(driver, context.metrics) } catch {
                  // scans that wait for keys must not wait for a build that failed
                  for slot in slots { slot.settle(nil) }
                  throw error
                }
                return isRoot
              }
            }
          }
          // once the result is whole, whatever still runs below (a LIMIT was satisfied) has nobody to run for
          var left = root.parallelism
          while left > 0, let isRoot = try await group.next() { left -= isRoot ? 1 : 0 }
          group.cancelAll()
          while let result = await group.nextResult() { _ = result }
        }
      } catch {
        channel.fail(error)
      }
      for slot in slots { slot.settle(nil) }
      context.memory.release(context.memory.reserved)
    }
  }

  /// The next batch; throws what any driver threw. Cancelling the calling task cancels the query.
  public func next() async throws -> Batch? {
    let (channel, task) = (channel, task)
    return try await withTaskCancellationHandler {
      try await channel.take()
    } onCancel: {
      task.cancel()
    }
  }

  public func cancel() {
    task.cancel()
    channel.fail(PrestoError(.userCanceled, "Query was canceled"))
  }

  /// Returns when all drivers have ended: nothing of the query runs any more.
  public func finished() async { await task.value }

  deinit {
    channel.close()
    task.cancel()
  }
}

private final class ResultSink: BatchSink {
  private let channel: BatchChannel
  init(_ channel: BatchChannel) { self.channel = channel }
  func append(_ batch: Batch) async throws { if try await !channel.put(batch) { throw CancellationError() } }
  func finish() async throws { channel.finish() }
}
