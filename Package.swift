// swift-tools-version: 6.2
import PackageDescription

// The manifest says what ARCHITECTURE calls rooms and doors: one line per target, lower rooms first.
// `Tests/ArchitectureTests` compares every `import` in the sources with this list.

#if arch(x86_64)
  /// AVX2 code generation for Swift and C alike: the Clang importer's target feeds Swift's code generator.
  let vectorised: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])]
  let vectorisedC: [CSetting] = [.unsafeFlags(["-march=x86-64-v3"])]
#else
  let vectorised: [SwiftSetting] = []
  let vectorisedC: [CSetting] = []
#endif

let settings: [SwiftSetting] =
  [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  ] + vectorised

/// How a room treats raw memory.
enum Memory {
  /// Strict memory safety: no raw pointers.
  case safe
  /// Touches foreign or raw memory (C libraries, page decoders).
  case raw
  /// Raw memory in loops over rows: optimised even in debug builds, so that tests stay quick.
  case hot
}

/// - Parameter assets: what is not compiled with the target.
func room(_ room: String, _ name: String, _ below: [Target.Dependency] = [], memory: Memory = .safe, assets: [String] = []) -> Target {
  let extra: [SwiftSetting] =
    switch memory {
    case .safe: [.strictMemorySafety()]
    case .raw: []
    case .hot: [.unsafeFlags(["-O"], .when(configuration: .debug))]
    }
  return .target(
    name: name, dependencies: below, path: "Sources/\(room)/\(name)", exclude: assets, swiftSettings: settings + extra)
}

func tests(_ name: String, _ below: [Target.Dependency], memory: Memory = .raw, scripts: [String] = []) -> Target {
  .testTarget(name: name, dependencies: below, path: "Tests/\(name)", exclude: scripts, swiftSettings: settings)
}

func system(_ name: String, pkgConfig: String, apt: String) -> Target {
  .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let data: [Target.Dependency] = ["Values", "Settings", "Vectors"]
let language: [Target.Dependency] = data + ["Expressions"]
let federation: [Target.Dependency] = language + ["Federation"]
let remote: [Target.Dependency] = federation + ["RemoteSQL"]
let plans: [Target.Dependency] = federation + ["Plans"]

/// What carries HTTP; nothing but `Server` and what is above it sees any of this.
let http: [Target.Dependency] = [
  .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdCore", package: "hummingbird"),
  .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
  .product(name: "Logging", package: "swift-log"),
  .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "HummingbirdTLS", package: "hummingbird"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
  .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
]

/// What reads and writes buckets; nothing but `ObjectStore` sees any of this.
let buckets: [Target.Dependency] = [
  .product(name: "AsyncHTTPClient", package: "async-http-client"),
  .product(name: "Crypto", package: "swift-crypto"),
  .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
]

let package = Package(
  name: "minipresto",
  products: [
    .library(name: "MiniPresto", targets: ["MiniPresto", "StandardConnectors"]),
    .executable(name: "minipresto", targets: ["CLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.20.0", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.24.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.30.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
  ],
  targets: [
    // C: module maps and shims, no logic
    system("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
    system("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
    system("CEdit", pkgConfig: "libedit", apt: "libedit-dev"),
    .target(
      name: "CCompression", path: "Sources/C/CCompression",
      linkerSettings: ["zstd", "snappy", "lz4", "z", "brotlidec", "brotlienc"].map { .linkedLibrary($0) }),
    .target(
      name: "CRegex", path: "Sources/C/CRegex",
      linkerSettings: [.linkedLibrary("pcre2-8"), .linkedLibrary("re2"), .linkedLibrary("stdc++")]),
    .target(name: "CWebPage", path: "Sources/C/CWebPage"),
    .target(name: "CSecurity", path: "Sources/C/CSecurity", linkerSettings: [.linkedLibrary("crypt"), .linkedLibrary("crypto")]),
    .target(name: "CVectors", path: "Sources/C/CVectors", cSettings: vectorisedC),

    // Data
    room("Data", "Values"),
    room("Data", "Settings", ["Values", "CRegex"], memory: .raw),
    room("Data", "Vectors", ["Values", "CVectors"], memory: .hot),

    // Language
    room("Language", "SQL", ["Values"]),
    room("Language", "Expressions", data, memory: .hot),
    room("Language", "Functions", language + ["CRegex", "CVectors"], memory: .hot),

    // Connectors
    room("Connectors", "Federation", language, memory: .raw),
    room("Connectors", "RemoteSQL", federation),
    room("Connectors", "Postgres", remote + ["CPostgres"], memory: .hot),
    room("Connectors", "SQLite", remote + ["CSQLite", "CVectors"], memory: .hot),
    room("Connectors", "Memory", federation, memory: .raw),
    room("Connectors", "Parquet", language + ["CCompression", "CVectors"], memory: .hot),
    room("Connectors", "ObjectStore", ["Values", "Settings"] + buckets, memory: .raw),
    room("Connectors", "Lake", federation + ["Parquet", "ObjectStore"], memory: .raw),
    room("Connectors", "Cartona", federation, memory: .raw),
    room("Connectors", "StandardConnectors", federation + ["Postgres", "SQLite", "Memory", "Lake", "Cartona"]),

    // Planning
    room("Planning", "Plans", federation),
    room("Planning", "Analysis", plans + ["SQL"]),
    room("Planning", "Optimization", plans),

    // Running
    room("Running", "Execution", plans + ["CVectors"], memory: .hot),

    // Serving
    room("Serving", "Admission", ["Values", "Settings", "SQL"]),
    room("Serving", "Security", ["Values", "Settings", "Analysis", "CSecurity"]),
    room("Serving", "MiniPresto", plans + ["SQL", "Analysis", "Optimization", "Execution", "Functions", "Admission"]),
    room("Serving", "Shell", plans + ["MiniPresto", "SQL", "CEdit"], memory: .raw),
    room(
      "Serving", "Server", plans + ["MiniPresto", "Analysis", "Admission", "Security", "CCompression", "CWebPage"] + http, memory: .hot,
      assets: ["UI"]),
    .executableTarget(
      name: "CLI",
      dependencies: [
        "MiniPresto", "Shell", "Server", "StandardConnectors", "Values", "Settings",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Serving/CLI", swiftSettings: settings),

    // Tests
    tests("ArchitectureTests", []),
    tests("ValuesTests", ["Values"]),
    tests("VectorsTests", ["Values", "Vectors"]),
    tests("SQLTests", ["Values", "SQL"]),
    tests("ExpressionsTests", language + ["Functions"]),
    tests("ParquetTests", language + ["Parquet"]),
    tests("SQLiteTests", remote + ["SQLite", "CSQLite"]),
    tests("LakeTests", federation + ["Functions", "Parquet", "ObjectStore", "Lake"], scripts: ["Store"]),
    tests("PostgresTests", remote + ["Postgres", "CPostgres", "Functions"]),
    tests("ExecutionTests", plans + ["Execution", "Functions", "Memory"]),
    tests("OptimizationTests", plans + ["MiniPresto", "StandardConnectors"]),
    tests("ShellTests", plans + ["MiniPresto", "Shell", "StandardConnectors", "CLI"]),
    tests(
      "ServerTests",
      plans + ["MiniPresto", "Security", "StandardConnectors", "Server", "CLI", .product(name: "NIOEmbedded", package: "swift-nio")] + http,
      scripts: ["Clients", "Browser", "Fuzz"]),
    tests(
      "MiniPrestoTests",
      plans + ["Admission", "Security", "Analysis", "Optimization", "MiniPresto", "StandardConnectors", "SQL", "Functions", "Postgres"]),
    tests("SettingsTests", ["Values", "Settings"]),
    tests("SecurityTests", ["Values", "Settings", "Analysis", "Security"]),
    tests("AdmissionTests", ["Values", "Settings", "Admission"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
