// swift-tools-version: 6.2
import PackageDescription

#if arch(x86_64)
  let vectorised: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])]
#else
  let vectorised: [SwiftSetting] = []
#endif

// A package of its own, so that the engine's package never resolves what only benchmarks need.
let package = Package(
  name: "minipresto-benchmarks",
  dependencies: [.package(name: "minipresto", path: "..")],
  targets: [
    .executableTarget(
      name: "minipresto-bench", dependencies: [.product(name: "MiniPresto", package: "minipresto")], path: "Sources/BenchDriver",
      // The engine's modules are compiled for this processor level; what is inlined from them here must be too.
      swiftSettings: [.treatAllWarnings(as: .error)]),
    // Runs under callgrind, whose reader of debug information does not know what Swift writes.
    .executableTarget(
      name: "minipresto-counts", dependencies: ["CCallgrind", .product(name: "MiniPresto", package: "minipresto")],
      path: "Sources/InstructionCounts", swiftSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [.unsafeFlags(["-Xlinker", "--strip-debug"])]),
    // Its loops are compiled for the processor level of the engine's modules, so that they lose by what they are.
    .executableTarget(
      name: "minipresto-kernels", dependencies: [.product(name: "MiniPresto", package: "minipresto")], path: "Sources/KernelTimes",
      swiftSettings: [.treatAllWarnings(as: .error)] + vectorised),
    .systemLibrary(name: "CCallgrind", path: "Sources/CCallgrind"),
    // Many HTTP clients at once; knows nothing of the engine.
    .executableTarget(name: "minipresto-load", path: "Sources/StatementLoad", swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
