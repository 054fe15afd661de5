import Glibc
import Synchronization
import Values
import Vectors

/// A reader over a C library that blocks: one call, one batch; nil at the end. Used by one thread at a time.
public protocol BlockingReader: AnyObject {
  func read() throws -> Batch?
  /// Whether it is known that `read` has nothing more to give: the last batch and the end then arrive together.
  var isAtEnd: Bool { get }
  /// From any thread: makes a `read` under way return soon (with an error). Must be safe after the end.
  func cancel()
  /// Always called once, on the reading thread, after the last `read`.
  func close()
}

/// Runs a blocking reader on a thread of its own, two batches ahead, so that no driver thread ever waits inside a C library.
public final class BlockingSource: BatchSource {
  private let channel: Channel

  /// `make` runs on the reading thread: connecting may block too.
  public init(_ make: @escaping @Sendable () throws -> any BlockingReader) {
    let channel = Channel()
    self.channel = channel
    let isStarted = BlockingThread.start { BlockingSource.run(channel, make) }
    if !isStarted { channel.finish(BlockingThread.noThread) }
  }

  private static func run(_ channel: Channel, _ make: () throws -> any BlockingReader) {
    do {
      if channel.isAbandoned { return channel.finish(nil) }
      let reader = try make()
      defer { reader.close() }
      channel.attach(reader)
      defer { channel.detach() }
      while let batch = try reader.read() {
        if batch.count == 0 { continue }
        if !channel.put(batch, isLast: reader.isAtEnd) { break }
      }
      channel.finish(nil)
    } catch {
      channel.finish(error)
    }
  }

  deinit { channel.abandon() }

  public func next() async throws -> Batch? {
    let channel = channel
    return try await withTaskCancellationHandler {
      try await channel.take()
    } onCancel: {
      channel.abandon()
    }
  }
}

/// A bounded queue between a thread that blocks and a task that awaits.
private final class Channel: @unchecked Sendable {
  private static let capacity = 2
  private var queue: [Batch] = []
  private var consumer: CheckedContinuation<Void, Never>?
  private var reader: (any BlockingReader)?
  private var isFinished = false
  private var abandoned = false
  private var failure: (any Error)?
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let space = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(space, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(space)
    lock.deallocate()
    space.deallocate()
  }

  private func locked<R>(_ body: () throws -> R) rethrows -> R {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body()
  }

  var isAbandoned: Bool { locked { abandoned } }
  func attach(_ reader: any BlockingReader) {
    locked {
      self.reader = reader
      if abandoned { reader.cancel() }
    }
  }
  func detach() { locked { reader = nil } }

  /// false: nobody wants more.
  func put(_ batch: Batch, isLast: Bool) -> Bool {
    pthread_mutex_lock(lock)
    while queue.count >= Channel.capacity && !abandoned { pthread_cond_wait(space, lock) }
    if abandoned {
      pthread_mutex_unlock(lock)
      return false
    }
    queue.append(batch)
    if isLast { isFinished = true }
    let waiting = consumer
    consumer = nil
    pthread_mutex_unlock(lock)
    waiting?.resume()
    return true
  }

  func finish(_ error: (any Error)?) {
    let waiting = locked { () -> CheckedContinuation<Void, Never>? in
      isFinished = true
      failure = error
      defer { consumer = nil }
      return consumer
    }
    waiting?.resume()
  }

  func abandon() {
    let waiting = locked { () -> CheckedContinuation<Void, Never>? in
      abandoned = true
      pthread_cond_broadcast(space)
      reader?.cancel()
      defer { consumer = nil }
      return consumer
    }
    waiting?.resume()
  }

  func take() async throws -> Batch? {
    while true {
      let (batch, isOver) = try locked { () -> (Batch?, Bool) in
        if abandoned { throw CancellationError() }
        if !queue.isEmpty {
          pthread_cond_signal(space)
          return (queue.removeFirst(), false)
        }
        if let failure { throw failure }
        return (nil, isFinished)
      }
      if batch != nil || isOver { return batch }
      await withCheckedContinuation { continuation in
        let isReady = locked { () -> Bool in
          if !queue.isEmpty || isFinished || abandoned { return true }
          consumer = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    }
  }
}
