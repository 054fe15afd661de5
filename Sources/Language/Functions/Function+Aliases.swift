import Expressions

extension Function {
  /// Names that DuckDB, MySQL and PostgreSQL have for functions of the library.
  static func aliases(of functions: [Function]) -> [Function] {
    let names: [String: [String]] = [
      "day_of_week": ["isodow"], "year_of_week": ["isoyear"], "week_of_year": ["weekofyear"], "last_day_of_month": ["last_day"],
      "to_unixtime": ["epoch"], "codepoint": ["unicode", "ascii"], "is_finite": ["isfinite"], "is_nan": ["isnan"], "is_infinite": ["isinf"],
      "truncate": ["trunc"], "levenshtein_distance": ["levenshtein"], "hamming_distance": ["hamming"], "regexp_like": ["regexp_matches"],
      "regexp_split": ["regexp_split_to_array", "string_split_regex"], "split": ["string_split", "str_split"], "to_hex": ["hex"],
      "from_hex": ["unhex"], "to_utf8": ["encode"], "from_utf8": ["decode"], "array_sort": ["list_sort"], "array_max": ["list_max"],
      "array_min": ["list_min"], "array_position": ["list_position"], "transform": ["list_transform"], "filter": ["list_filter"],
      "array_distinct": ["list_distinct"], "array_sum": ["list_sum"], "array_average": ["list_avg"], "cardinality": ["len"],
      "arrays_overlap": ["list_has_any"], "contains": ["list_contains"], "json_extract_scalar": ["json_extract_string"],
      "array_join": ["array_to_string"], "array_has_duplicates": ["array_has_dupes"],
      "array_duplicates": ["array_dupes"],
    ]
    return functions.flatMap { function in (names[function.name] ?? []).map { function.renamed($0) } }
  }
}
