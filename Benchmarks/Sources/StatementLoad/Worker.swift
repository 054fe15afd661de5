import Glibc

/// A thread of its own for what blocks.
struct Worker {
  private final class Work {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let thread: pthread_t?

  init(_ run: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(run))
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, work.toOpaque())
    self.thread = status == 0 ? thread : nil
    if status != 0 { work.takeRetainedValue().run() }
  }

  func join() { if let thread { pthread_join(thread, nil) } }
}
