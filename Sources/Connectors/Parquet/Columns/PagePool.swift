import Glibc
import Synchronization
import Vectors

/// Decompressed pages that vectors keep alive, taken back when the last of them goes: fresh memory costs more to touch than to fill.
/// Safe from any thread; share one among the readers of a scan.
package final class PagePool: Sendable {
  /// What comes back at most stays up to this many bytes in all.
  private let limit: Int
  private let kept = Mutex<(pages: [Buffer], bytes: Int)>(([], 0))

  package init(limit: Int = 64 << 20) { self.limit = limit }

  /// At least `byteCount` bytes as a buffer of exactly that many.
  func page(byteCount: Int) -> Buffer {
    // sizes in steps of an eighth of their power of two, so that pages of about one size fit each other's place
    let rough = max(byteCount, 4096)
    let step = max(4096, 1 << (Int.bitWidth - rough.leadingZeroBitCount - 4))
    let size = (rough + step - 1) / step * step
    let found: Buffer? = kept.withLock { kept in
      for i in kept.pages.indices.reversed() where kept.pages[i].byteCount >= size && kept.pages[i].byteCount <= size + size / 2 {
        kept.bytes -= kept.pages[i].byteCount
        kept.pages.swapAt(i, kept.pages.count - 1)
        return kept.pages.removeLast()
      }
      return nil
    }
    let memory = found ?? Buffer(byteCount: size)
    return Buffer(borrowing: memory.base, byteCount: byteCount, owner: Lease(memory, self))
  }

  private func takeBack(_ page: Buffer) {
    kept.withLock { kept in
      guard kept.bytes + page.byteCount <= limit else { return }
      kept.pages.append(page)
      kept.bytes += page.byteCount
    }
  }

  private final class Lease {
    let page: Buffer
    let pool: PagePool

    init(_ page: Buffer, _ pool: PagePool) {
      self.page = page
      self.pool = pool
    }

    deinit { pool.takeBack(page) }
  }
}
