import Glibc
import Values
import Vectors

/// A file of this machine, read by `pread`.
///
/// Not mapped: a file that shrinks while mapped kills the process by SIGBUS, and reading into memory that is used again costs no more than
/// faulting fresh pages in.
package final class LocalFile: ParquetInput {
  package let name: String
  package let size: Int
  /// Modification time in nanoseconds since the epoch: with `size` and `name` the identity under which a footer may be kept.
  package let modified: Int
  private let descriptor: Int32

  package init(path: String) throws {
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else {
      let reason = errno
      throw PrestoError(.parquetCannotOpen, "Cannot open \(path): \(String(cString: strerror(reason)))")
    }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(opened)
      throw PrestoError(.parquetCannotOpen, "Cannot open \(path): not a regular file")
    }
    name = path
    size = Int(status.st_size)
    modified = Int(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(status.st_mtim.tv_nsec)
    descriptor = opened
  }

  deinit { Glibc.close(descriptor) }

  package var preferredReadSize: Int { 256 << 10 }

  package func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws {
    var done = 0
    while done < range.count {
      let count = pread(descriptor, target + done, range.count - done, off_t(range.lowerBound + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw PrestoError.badParquet(name, "the file ends at byte \(range.lowerBound + done); it had \(size) bytes when it was opened")
      } else if errno != EINTR {
        throw PrestoError(.parquetCannotOpen, "Cannot read \(name) at byte \(range.lowerBound + done): \(String(cString: strerror(errno)))")
      }
    }
  }
}

/// A file of this machine being written; appears under its path from the first byte on.
package final class LocalOutput: ParquetOutput {
  package let name: String
  private var descriptor: Int32

  package init(path: String) throws {
    name = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw PrestoError(.parquetWriterFailed, "Cannot write \(path): \(String(cString: strerror(errno)))") }
  }

  deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = Glibc.write(descriptor, base + done, bytes.count - done)
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw PrestoError(.parquetWriterFailed, "Cannot write \(name): \(String(cString: strerror(errno)))")
      }
    }
  }

  package func close() throws {
    guard descriptor >= 0 else { return }
    let closed = Glibc.close(descriptor)
    descriptor = -1
    if closed != 0 { throw PrestoError(.parquetWriterFailed, "Cannot write \(name): \(String(cString: strerror(errno)))") }
  }
}

/// A file in memory: tests, and small objects fetched whole.
package final class MemoryFile: ParquetInput {
  package let name: String
  private let bytes: Buffer

  package init(name: String, _ bytes: Buffer) {
    self.name = name
    self.bytes = bytes
  }

  package var size: Int { bytes.byteCount }

  package func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws {
    guard range.lowerBound >= 0, range.upperBound <= bytes.byteCount else { throw PrestoError.badParquet(name, "the file ends early") }
    target.copyMemory(from: bytes.base + range.lowerBound, byteCount: range.count)
  }
}

/// A file being written to memory.
package final class MemoryOutput: ParquetOutput {
  package private(set) var bytes: [UInt8] = []

  package init() {}
  package func write(_ bytes: UnsafeRawBufferPointer) throws { self.bytes.append(contentsOf: bytes) }
  package func close() throws {}
}
