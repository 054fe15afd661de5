// Functions: the library. Every function that SQL can call, except what Execution evaluates by name (window functions).
//
// In come declarations only: each is one expression in a family's array (`Function.sums`, `Function.text` …), naming what it takes, what it
// gives and how it is computed. Out goes `StandardFunctions.all`, which an engine puts into its registry. Scalar functions are closures over
// single values (Expressions turns them into kernels over vectors) or over whole vectors; aggregates are types whose static methods are
// specialised into loops over rows.
//
//     Aggregates/   grouped states: flat (`Accumulator`), logged (`LoggedAggregate`), sketches
//     Rows/         what several families need over vectors of any type: hashes, equality, order, segments
//     Text/ Time/ JSON/ …   one folder or file per family
import Expressions
import Values
