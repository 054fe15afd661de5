"""LIKE and regular expressions over the comments of TPC-H: counts of lineitem's 6 million and of the orders' 1.5 million at scale factor 1.

    read       the column alone, the bound of all others         like1, like2seq   one word; two in sequence
    like8      eight words, each in many comments, ORed          like8rare         eight that are in next to none
    re_…       the same as one regular expression, and structured ones: classes, repetitions, anchors

The aim is that eight LIKEs take at most 1.5 times as long as one; the notes of RESULTS.md say what they took.
"""

from . import Suite, tpch_tables

OFTEN = ["furious", "express", "pending", "regular", "ironic", "silent", "special", "unusual"]
RARELY = ["zebra", "quartz", "complaint", "walrus", "xylophone", "customer", "jackdaw", "sphinx"]
PATTERNS = {
    "re_seq": "special.*requests",
    "re8": "|".join(OFTEN),
    "re8rare": "|".join(RARELY),
    "re_struct": r"(quick|slow|care)[a-z]*ly\s+(final|bold|even)\s+[a-z]+s\b",
    "re_class": "[aeiou]{3}[^aeiou ]{2,4}[aeiou]",
    "re_anch": r"^[a-z]+ly (final|regular|pending)",
}
TABLES = {"l_comment": "lineitem", "o_comment": "orders"}


def likes(column, words):
    return " OR ".join(f"{column} LIKE '%{word}%'" for word in words)


def queries(column, table):
    conditions = {
        "like1": f"{column} LIKE '%special%'",
        "like2seq": f"{column} LIKE '%special%requests%'",
        "like8": likes(column, OFTEN),
        "like8rare": likes(column, RARELY),
        **{name: f"regexp_like({column}, '{pattern}')" for name, pattern in PATTERNS.items()},
    }
    yield f"read {column}", f"SELECT sum(length({column})) FROM {table}"
    for name, condition in conditions.items():
        yield f"{name} {column}", f"SELECT count(*) FROM {table} WHERE {condition}"


def eight_against_one(results, engines, command):
    times = {name: medians for name, medians, _ in results}
    for column in TABLES:
        for name in ("like8", "like8rare"):
            one, eight = times.get(f"like1 {column}"), times.get(f"{name} {column}")
            if one and eight:
                parts = [f"{engine} {eight[engine] / one[engine]:.2f}" for engine in engines if one[engine] and eight[engine]]
                yield f"- {name} over like1, {column}: {', '.join(parts)}"


def suite(folder, options):
    lake, paths = tpch_tables.make(folder)
    tables = {table: paths[table] for table in TABLES.values()}
    listed = [query for column, table in TABLES.items() for query in queries(column, table)]
    return Suite("text", "LIKE and regular expressions, comments of TPC-H SF 1", lake, "tpch", tables, listed, [eight_against_one])
