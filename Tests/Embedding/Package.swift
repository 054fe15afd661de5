// swift-tools-version: 6.2
import PackageDescription

// A program outside the repository, as small as one can be. `run` puts a tagged copy of the checkout where MINIPRESTO points.
let package = Package(
  name: "shop",
  dependencies: [
    .package(url: Context.environment["MINIPRESTO"] ?? "../minipresto", from: "0.1.0")
  ],
  targets: [
    .executableTarget(name: "Shop", dependencies: [.product(name: "MiniPresto", package: "minipresto")])
  ],
  swiftLanguageModes: [.v6]
)
