# Python 3.11 or newer and make are all that is needed; the rest is installed into this folder.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
NPM := $(BIN)/python -m tools.node npm
# Only locked files whose hashes match, and none that would need a compiler.
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --require-hashes --only-binary :all:

RUNTIME := .venv/.runtime
DEVELOPMENT := .venv/.development
NODE_MODULES := node_modules/.installed

.PHONY: help install demo test lint types js js-tests js-lint js-types pytest format lock clean

help: ## What can be done here
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

install: $(RUNTIME) ## What is needed to run it, into .venv

demo: $(RUNTIME) ## See it: the plugin, both CRMs and a mailbox on this machine
	@exec $(BIN)/gensvar demo

test: lint $(NODE_MODULES) ## Everything that must pass before a change is merged
	$(MAKE) --jobs=2 types js
	$(MAKE) pytest

lint: $(DEVELOPMENT) ## Style and likely bugs, Python
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEVELOPMENT) ## Strict types
	$(BIN)/mypy

js: js-tests js-lint js-types ## Style, types and tests, JavaScript and TypeScript

# The longest first: beside the Python types, both of a machine's cores are busy to the end.
js-tests: $(NODE_MODULES)
	$(NPM) run --silent --workspaces --if-present test

js-lint: $(NODE_MODULES)
	$(NPM) run --silent --workspaces --include-workspace-root --if-present lint

js-types: $(NODE_MODULES)
	$(NPM) run --silent --workspaces --if-present types

# Many processes of ours are started: without bytecode on disk each compiles the program anew.
pytest: $(DEVELOPMENT) $(NODE_MODULES) ## The suite on SQLite and PostgreSQL, and in a browser
	$(BIN)/python -m tools.chromium
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto

format: $(DEVELOPMENT) ## Puts the Python files into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(DEVELOPMENT) ## Newest versions that pyproject.toml allows, into the lock files
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(NPM) update --save

COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header

clean: ## Removes everything that was installed or built, keeps instance/
	rm -rf .venv .cache node_modules connectors/*/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info

$(RUNTIME): requirements.lock pyproject.toml
	@$(PYTHON) tools/check_python.py
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation \
		--config-settings editable_mode=compat --editable .
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	$(INSTALL) -r requirements-dev.lock
	@touch $@

$(NODE_MODULES): package-lock.json .npmrc $(DEVELOPMENT)
	$(NPM) ci
	@touch $@
