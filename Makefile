# Everything runs in .venv, which the first target that needs it makes. Settings of the caller's shell stay out, so that a run
# here is the same everywhere; the `leadsignal` command itself obeys them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
unexport LEADSIGNAL_RAW LEADSIGNAL_AS_OF LEADSIGNAL_WAREHOUSE LEADSIGNAL_WORK LEADSIGNAL_BUILD_ID
unexport DBT_PROFILES_DIR DBT_PROJECT_DIR DBT_PROFILE DBT_TARGET DBT_TARGET_PATH DBT_LOG_PATH
export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PYTHON ?= python3.11
BIN := .venv/bin
ENVIRONMENT := .venv/.complete
WAREHOUSES := .venv-warehouses
EMULATOR := .venv-bigquery-emulator
DEMO := warehouse/demo
# leadsignal.demo.AS_OF: the demo CRM's last day.
AS_OF := 2026-10-31
LEADS ?= 100000
KILLS ?= 200
JOBS ?= 1
NIGHTS ?= 365
export DEMO_AS_OF := $(AS_OF)
TEST_WORK := warehouse/test
# Two processes, a file each at a time, in the order of the folders: those with whole builds come first.
BY_TWO := -n 2 --dist loadfile --no-loadscope-reorder
ON_POSTGRES := warehouse/on_postgres
# Spark is large: it has an environment of its own.
SPARK_BIN := .venv-spark/bin
SPARK_ENVIRONMENT := .venv-spark/.complete

.DEFAULT_GOAL := help
.PHONY: help build test slim docs test-dbt test-python test-slow browser postgres postgres-stop spark spark-up bench-spark bench-postgres dialects snowflake bigquery airflow dagster cron superset superset-postgres govern vulnerabilities licences check bench bench-metrics bench-scale calibrate demo clean faults contract fuzz year

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "make %-12s %s\n", $$1, $$2}'

build: $(DEMO)/.written ## Make the environment and a demo CRM; build, audit and publish it
	@$(BIN)/leadsignal build --raw $(DEMO) --as-of $(AS_OF)

demo: ## Write the demo CRM of make build anew
	@$(MAKE) --no-print-directory $(DEMO)/.written

test: test-dbt test-python ## Run both test suites: dbt's on the demo CRM, and pytest

test-dbt: $(ENVIRONMENT)
	@mkdir -p $(TEST_WORK)
	@LEADSIGNAL_WORK=$(TEST_WORK) LEADSIGNAL_AS_OF=$(AS_OF) $(BIN)/dbt --quiet \
		--warn-error-options '{"error": ["Deprecations"]}' --log-path $(TEST_WORK)/logs \
		build --target-path $(TEST_WORK)/target
	@# What `make slim` compares with.
	@mkdir -p $(TEST_WORK)/state && cp $(TEST_WORK)/target/manifest.json $(TEST_WORK)/state
	@echo "dbt build: every model, test and unit test passed"

slim: $(ENVIRONMENT) ## After a make test: build and test only what changed since, and what stands on it
	@test -f $(TEST_WORK)/state/manifest.json || { echo "There is no build to compare with: run \`make test-dbt\` first." >&2; exit 1; }
	@LEADSIGNAL_WORK=$(TEST_WORK) LEADSIGNAL_AS_OF=$(AS_OF) $(BIN)/dbt --log-path $(TEST_WORK)/logs \
		build --target-path $(TEST_WORK)/target --select state:modified+ --state $(TEST_WORK)/state

docs: test-dbt ## Every table, column, test and its lineage as one page, warehouse/docs.html
	@LEADSIGNAL_WORK=$(TEST_WORK) LEADSIGNAL_AS_OF=$(AS_OF) $(BIN)/dbt --quiet --log-path $(TEST_WORK)/logs \
		docs generate --static --target-path $(TEST_WORK)/target
	@cp $(TEST_WORK)/target/static_index.html warehouse/docs.html && echo "Written: warehouse/docs.html"

test-python: $(ENVIRONMENT)
	@$(BIN)/pytest $(BY_TWO)

test-slow: $(ENVIRONMENT) ## Whole builds, bad input, and many random CRMs in every layout held against the oracle (some fifteen minutes)
	@$(BIN)/pytest $(BY_TWO) -m slow

fuzz: $(ENVIRONMENT) ## Bad input of every kind, 16,000 of it: a right result or one clear line (some fifteen minutes)
	@LEADSIGNAL_FUZZ=1 $(BIN)/pytest $(BY_TWO) -m "slow or not slow" python/tests/fuzz

browser: $(ENVIRONMENT) ## The report in a real Chromium: opens offline, draws, filters, fits, prints, can be read by all
	@command -v "$${LEADSIGNAL_CHROMIUM:-chromium}" chromium-browser google-chrome google-chrome-stable >/dev/null || { \
		echo "No Chromium is found: install it (Debian: apt install chromium) or set LEADSIGNAL_CHROMIUM to its program."; exit 2; }
	@$(BIN)/pytest -m browser python/tests/browser

postgres: $(DEMO)/.written ## PostgreSQL: start a server, build the demo CRM there, hold it against DuckDB (some ten minutes)
	@scripts/postgres.sh start
	@cd python/tests && ../../$(BIN)/python -m homes.loading ../../$(DEMO)
	@LEADSIGNAL_WAREHOUSE=$(ON_POSTGRES) $(BIN)/leadsignal build --target postgres --as-of $(AS_OF)
	@$(BIN)/pytest -m homes python/tests/homes -k postgres

postgres-stop: ## Stop that server; its tables stay
	@scripts/postgres.sh stop

spark: $(SPARK_ENVIRONMENT) ## Spark: start a cluster, build the demo CRM there, hold it against DuckDB, kill a worker, end all (some twenty minutes)
	@$(SPARK_BIN)/pytest -m homes python/tests/homes -k spark

spark-up: $(SPARK_ENVIRONMENT) ## Keep such a cluster up, with the demo CRM loaded, until Ctrl-C
	@$(SPARK_BIN)/python -m cluster warehouse/spark demo

bench-spark: $(SPARK_ENVIRONMENT) ## Spark and DuckDB on a demo of LEADS leads (100,000): how long, and is every cell equal
	@cd python/tests && ../../$(SPARK_BIN)/python -m homes.larger spark $(LEADS) ../../warehouse/larger

bench-postgres: $(ENVIRONMENT) ## The same on PostgreSQL
	@scripts/postgres.sh start
	@cd python/tests && ../../$(BIN)/python -m homes.larger postgres $(LEADS) ../../warehouse/larger

dialects: $(WAREHOUSES)/.complete ## Compile everything for Snowflake, BigQuery, Redshift and Trino; name what each does not know
	@cd python && ../$(WAREHOUSES)/bin/python -m dialects

snowflake: test-dbt $(WAREHOUSES)/.complete ## Build the demo CRM on an emulator of Snowflake; hold the marts against DuckDB's
	@cd python && ../$(WAREHOUSES)/bin/python -m emulators snowflake

bigquery: test-dbt $(WAREHOUSES)/.complete $(EMULATOR)/.complete ## The same on an emulator of BigQuery
	@cd python && ../$(WAREHOUSES)/bin/python -m emulators bigquery

airflow: $(DEMO)/.written .venv-airflow/.complete ## Load the example DAG in Airflow and run it once on the demo CRM
	@.venv-airflow/bin/pytest examples/airflow

dagster: $(DEMO)/.written .venv-dagster/.complete ## Load the example definitions in Dagster and materialise everything once
	@.venv-dagster/bin/pytest examples/dagster

cron: ## Check the example systemd units, where there is a systemd-analyze
	@command -v systemd-analyze > /dev/null || { echo "There is no systemd-analyze here: nothing was checked." >&2; exit 1; }
	@rm -rf warehouse/cron && mkdir -p warehouse/cron
	@for unit in service timer; do sed 's#/opt/leadsignal#$(CURDIR)#' examples/cron/leadsignal.$$unit > warehouse/cron/leadsignal.$$unit; done
	@systemd-analyze verify warehouse/cron/leadsignal.service warehouse/cron/leadsignal.timer
	@echo "systemd: both units are sound"

superset: build .venv-superset/.complete ## Import the example dashboard into Superset; run its charts while builds publish underneath
	@.venv-superset/bin/pytest examples/bi/superset

superset-postgres: .venv-superset/.complete ## The same on what make postgres has published
	@scripts/postgres.sh start
	@SUPERSET_READS=postgres .venv-superset/bin/pytest examples/bi/superset

govern: test-dbt .venv-bouncer/.complete ## Rules for the project's own YAML: descriptions, tests, names, owners (dbt-bouncer.yml)
	@.venv-bouncer/bin/dbt-bouncer run --config-file dbt-bouncer.yml

vulnerabilities: .venv-supply/.complete ## Is a fault known of any pinned package? (pip-audit; asks the package index)
	@# --strict: a package that the index does not answer for is no package without faults.
	@.venv-supply/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock

licences: $(ENVIRONMENT) .venv-supply/.complete ## List the licence of every pinned package in docs/licences.md
	@scripts/list_licences.sh > docs/licences.md && echo "Written: docs/licences.md"

contract: $(ENVIRONMENT) ## Record what the published tables promise, for readers to rely on
	@$(BIN)/python -m leadsignal.contract

check: $(ENVIRONMENT) ## Lint, types, SQL style, YAML keys
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python scripts/check_yaml_keys.py
	@# mf reads what dbt parse writes, and paints a spinner that a log has no use for: of it all, the verdict.
	@# Parsed with the arguments that sqlfluff has, so that it finds the project parsed.
	@LEADSIGNAL_WORK=$(TEST_WORK) $(BIN)/dbt --quiet parse --profile leadsignal --target duckdb && $(BIN)/mf validate-configs --skip-dw | tr '\r' '\n' | grep -o 'Successfully.*'
	scripts/lint_sql.sh models tests/integrity tests/reconciliation analyses

bench: bench-metrics bench-scale ## Both of the next: how fast it answers and how fast it builds; an hour

bench-metrics: build ## How fast Metrics answers, beside plain SQL in the same run
	@LEADSIGNAL_WAREHOUSE=warehouse $(BIN)/python benchmarks/metrics.py

# The raw data, some gigabytes, stays in warehouse/scale: a second run begins at once.
bench-scale: $(ENVIRONMENT) ## A whole build beside plain DuckDB, at up to ten million leads; an hour. Writes benchmarks/README.md
	@$(BIN)/python benchmarks/scale.py --write --folder warehouse/scale

calibrate: $(ENVIRONMENT) ## 200 simulated CRMs: do the intervals cover, do the alarms fire? Writes docs/calibration.md
	@cd python && ../$(BIN)/python -m calibration

# Some faults are left out where their means are missing; the page says which.
faults: $(ENVIRONMENT) ## Builds are killed, starved and misled: is the published set always whole? Hours; writes docs/reliability.md
	@cd python && PYTHONPATH=tests ../$(BIN)/python -m faults --kills $(KILLS) --jobs $(JOBS) $(if $(ONLY),--only $(ONLY)) --write

# Its state is in warehouse/year: stopped at any time, it goes on where it stopped.
year: $(ENVIRONMENT) ## A simulated year of NIGHTS (365) builds, each night one; what was reported, and the end, held against a rebuild
	@cd python && ../$(BIN)/python -m year --nights $(NIGHTS)

clean: ## Remove everything that was built, and the environment
	@test ! -d warehouse/postgres || scripts/postgres.sh stop
	rm -rf .venv .venv-airflow .venv-bouncer .venv-dagster .venv-superset .venv-supply .venv-spark .venv-warehouses .venv-bigquery-emulator target logs reports .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@# The list of who asked to be forgotten stays: without it they would be read again.
	find warehouse -mindepth 1 ! -name .gitkeep ! -name forgotten.csv ! -type d -delete
	find warehouse -mindepth 1 -depth -type d -empty -delete

$(DEMO)/.written: $(ENVIRONMENT) $(wildcard python/leadsignal/demo/*.py)
	@rm -rf $(DEMO)
	@$(BIN)/leadsignal demo --out $(DEMO) | sed -n 1p
	@touch $@

# Every package at its pinned version and hash, then the project itself. The locks are whole: nothing is resolved again.
$(ENVIRONMENT): requirements.lock
$(SPARK_ENVIRONMENT): requirements-spark.lock
$(ENVIRONMENT) $(SPARK_ENVIRONMENT): pyproject.toml
	@echo "Making the environment in $(@D) (once; some minutes)"
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/pip install -qq --no-deps --require-hashes -r $(filter %.lock,$^)
	@$(@D)/bin/pip install -qq --no-deps --editable .
	@touch $@

# The packages of other warehouses, of schedulers and of BI tools move our pins, so they have environments of their own.
$(WAREHOUSES)/.complete $(EMULATOR)/.complete .venv-airflow/.complete .venv-bouncer/.complete .venv-dagster/.complete .venv-superset/.complete .venv-supply/.complete: .venv-%/.complete: requirements-%.lock
	@echo "Making the environment in .venv-$* (once)"
	@$(PYTHON) -m venv .venv-$*
	@.venv-$*/bin/pip install -qq --no-deps --require-hashes -r requirements-$*.lock
	@touch $@
