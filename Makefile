# Each target does its own set-up: Python 3.11 or later and make are all it takes.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: demo test bench check format screenshots lock clean

demo: .venv/.ready ## open the dashboard on the embedded sandbox
	@$(BIN)/billing-tui demo

test: .venv/.dev ## run the tests
	@$(BIN)/python -m pytest

bench: .venv/.dev ## how fast it is, in one table; ONLY="search keys" measures those alone
	@$(BIN)/python -m compileall -q billing_tui tests/bench
	@$(BIN)/python -m tests.bench $(ONLY)

check: .venv/.dev ## lint, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.dev ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: .venv/.dev ## make the README's pictures from the sandbox
	$(PIP) "cairosvg>=2.7"
	$(BIN)/python screenshots/make.py

lock: ## pin what the package and its tools need
	$(PIP) uv
	$(BIN)/uv pip compile pyproject.toml --group build $(COMPILE) --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group build --group dev $(COMPILE) --output-file requirements-dev.lock

COMPILE := --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --upgrade

clean: ## forget the set-up
	rm -rf .venv .peers .mypy_cache .ruff_cache .import_linter_cache

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "billing-tui needs Python 3.11 or later.")'
	@echo "Setting up .venv, once."
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.ready: .venv/.made requirements.lock pyproject.toml
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q billing_tui
	@touch $@

.venv/.dev: .venv/.ready requirements-dev.lock
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
