# Obligor: one command to run it, one to test it. `make help` explains every target.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DATA ?= data
SAMPLE ?= 1

##@ Start
help: ## Explain every target
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*##/ {printf "  %-14s %s\n", $$1, $$2}' Makefile
setup: $(VENV)/.ready ## Make .venv with everything that is needed; leaves the command at .venv/bin/obligor
run: setup ## Start the platform on http://127.0.0.1:8000 with the sample portfolio (SAMPLE=0: empty; PORT=, DATA=)
	@SAMPLE=$(SAMPLE) $(BIN)/obligor up --port $(PORT) --data $(DATA) --demo

##@ Check
check: format-check lint types imports manifests test ## Everything that CI runs
test: setup ## All tests; PostgreSQL and Apache Kafka are started by the tests themselves
	$(BIN)/python -m pytest -n 2 --dist loadgroup
test-fast: setup ## Unit and architecture tests only
	$(BIN)/python -m pytest -n 2 tests/unit tests/architecture
format: setup ## Format the code
	$(BIN)/ruff format .
format-check: setup ## Is the code formatted?
	$(BIN)/ruff format --check .
lint: setup ## ruff, spelling, dead code, YAML
	$(BIN)/ruff check .
	$(BIN)/codespell
	$(BIN)/yamllint -s .
types: setup ## mypy, strict
	$(BIN)/mypy
imports: setup ## Who may import whom
	$(BIN)/lint-imports
manifests: setup ## The Kubernetes manifests, rendered and validated offline
	$(BIN)/python -m pytest -q -p no:randomly -n0 tests/architecture/test_manifests.py

##@ Measure
bench: setup ## Monitoring beside its floor, its yardstick and its peers, in one run (FULL=1: the big sizes)
	$(BIN)/python -m benchmarks.monitoring all $(if $(FULL),--full)

##@ Housekeeping
docs: setup ## Write the page of events and their JSON Schemas again
	$(BIN)/python -m shared.contracts.documentation
lock: setup ## Resolve the dependencies again, with hashes
	$(BIN)/uv pip compile -q --generate-hashes --no-annotate --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml -o deploy/requirements.lock
clean: ## Remove what setup and the tests made (not the data)
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q obligor services shared
	touch $@

.PHONY: help setup run check test test-fast format format-check lint types imports manifests bench docs lock clean
