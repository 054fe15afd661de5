// minipresto-kernels: what the engine's kernels cost a row over vectors in memory, on one thread, beside the plain Swift loop over the same rows
// that one would write first.
//
//     minipresto-kernels [ROWS [RUNS [NAME]]]      2,000,000 rows, the median of 5 runs after one that compares the answers; NAME: only kernels with it
//
// Out comes a table of tabs: the kernel, nanoseconds a row of it and of the loop, and how many times as fast it is. What the engine's modules show is
// called directly. Groups, joins and orders are statements of one operator: a plan and a scan are in their times, a millisecond for all rows.
import Foundation

let arguments = CommandLine.arguments.dropFirst().map { $0 }
guard let rows = Int(arguments.first ?? "2000000"), let runs = Int(arguments.dropFirst().first ?? "5"), rows >= 10_000, runs > 0 else {
  FileHandle.standardError.write(Data("usage: minipresto-kernels [ROWS [RUNS [NAME]]]\n".utf8))
  exit(2)
}
let name = arguments.dropFirst(2).first ?? ""
let sample = Sample(rows: rows)
let bench = try Bench(sample)
let kernels =
  try bench.expressions() + bench.vectors() + bench.aggregates() + bench.grouping() + bench.joins() + bench.orders()
let output = FileHandle.standardOutput
output.write(Data("kernel\tns\tnaive ns\ttimes as fast\n".utf8))
for kernel in kernels where name.isEmpty || kernel.name.contains(name) {
  output.write(Data("\(try await kernel.measured(rows: rows, runs: runs))\n".utf8))
}
