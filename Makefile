# minipresto. `make` lists the targets.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
SWIFT_FILES := Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources
.PHONY: help setup fixtures build release demo test lint format bench bench-suites bench-kernels bench-http counts cartona reference fuzz clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing for the tests: system packages, a Python environment in .test/venv
	@Scripts/setup test

fixtures: ## make the data that tests read, in .test, unless it is there
	@Scripts/setup test
	@Scripts/tpch .test/tpch-sf0.01 0.01
	@Scripts/tpcds .test/tpcds-sf0.1 0.1
	@.test/venv/bin/python Tests/Fixtures/make_parquet.py .test/parquet

build: ## debug build
	@Scripts/setup build
	swift build

release: ## release build
	@Scripts/setup build
	swift build -c release

demo: ## build, make the Cartona sources, tour five federated queries, leave the prompt open
	@Scripts/demo

test: ## everything: set-up, fixtures, a private PostgreSQL, build, tests, format check (FILTER=name for some tests)
	@Scripts/test

lint: ## check the format of the sources
	@swift format lint --strict --recursive --parallel $(SWIFT_FILES)

format: ## format the sources
	@swift format --in-place --recursive --parallel $(SWIFT_FILES)

bench: ## the short set beside DuckDB, under ten minutes; with ARGS, TPC-H alone (ARGS="--sources fed", see Benchmarks/bench.py --help)
	@Scripts/setup test
	@.test/venv/bin/python Benchmarks/$(if $(strip $(ARGS)),bench.py $(ARGS),short.py)

bench-suites: ## time ClickBench, db-benchmark, text, approx_distinct, operators and TPC-H beside four engines (ARGS="--suite clickbench", see Benchmarks/bench_suites.py --help)
	@Scripts/setup bench
	@.test/venv/bin/python Benchmarks/bench_suites.py $(ARGS)

bench-kernels: ## time the kernels over vectors in memory beside plain loops in Swift (ARGS="--only sort", see Benchmarks/kernels.py --help)
	@Scripts/setup test
	@.test/venv/bin/python Benchmarks/kernels.py $(ARGS)

bench-http: ## time the HTTP endpoint: SELECT 1 by 64 clients, a million rows by each protocol, memory (ARGS="--runs 5")
	@Scripts/setup test
	@.test/venv/bin/python Benchmarks/http_bench.py $(ARGS)

counts: ## count the instructions of a micro-suite, compare them with the thresholds (ARGS="--cases like,sort", ARGS=--update)
	@Scripts/setup counts
	@.test/venv/bin/python Benchmarks/counts.py $(ARGS)

cartona: release ## the Cartona dashboard, 38 queries over real sources beside PostgreSQL and DuckDB (ARGS="--days 30", see Benchmarks/cartona.py)
	@Scripts/setup test
	@.test/venv/bin/python Benchmarks/cartona.py $(ARGS)

reference: ## write the list of functions in the documentation from their declarations
	@swift build --build-tests
	@MINIPRESTO_WRITE_REFERENCE=1 swift test --skip-build --filter FunctionReferenceTests

fuzz: ## damaged texts for the parser, damaged queries for the engine, hostile clients for the server (TIME=600 seconds each, SEED=1)
	@Scripts/setup test
	swift build --build-tests
	MINIPRESTO_FUZZ_SECONDS=$(or $(TIME),600) MINIPRESTO_FUZZ_SEED=$(or $(SEED),1) swift test --skip-build --filter Fuzz
	.test/venv/bin/python Tests/ServerTests/Fuzz/http_fuzz.py .build/debug/minipresto --seconds $(or $(TIME),600) --seed $(or $(SEED),1)

clean: ## delete what was built and made: .build, .test, .demo
	@for cluster in .test/postgres .test/bench-postgres .test/cartona-*/postgres .demo/postgres; do \
	  if [[ -d $$cluster ]]; then Scripts/postgres remove $$cluster || true; fi; \
	done
	rm -rf .build .build-* .test .demo Benchmarks/.build
