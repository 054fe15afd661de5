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
    // its end is the end of all drivers
    let channel = BatchChannel(writers: 1)
    let pipelines = planner.pipelines + [Pipeline(stage: root) { _ in ResultSink(channel) }]
    let slots = planner.filterSlots
    self.channel = channel
    task = Task(executorPreference: context.executor) {
      do {
        try await RunningPlan.run(pipelines, slots, context)
      } catch {
        channel.fail(error)
      }
      for slot in slots { slot.settle(nil) }
      context.memory.release(context.memory.reserved)
      channel.finish()
    }
  }

  /// Runs all drivers to their end. The last pipeline is the one that makes the result.
  private static func run(_ pipelines: [Pipeline], _ slots: [KeyFilterSlot], _ context: ExecutionContext) async throws {
    // a look-up: no other thread is woken for it
    if pipelines.count == 1, pipelines[0].stage.parallelism == 1 { return try await pipelines[0].drive(0, context.metrics) }
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
      var left = pipelines.last?.stage.parallelism ?? 0
      while left > 0, let isRoot = try await group.next() { left -= isRoot ? 1 : 0 }
      group.cancelAll()
      while let result = await group.nextResult() { _ = result }
    }
  }

  /// The next batch; nil once all drivers have ended and nothing of the query runs any more. Throws what any driver threw. Cancelling the calling
  /// task cancels the query.
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

  /// Returns when all drivers have ended, after an error or `cancel` too.
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
  func finish() async throws {}
}
