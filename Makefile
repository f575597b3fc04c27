# Everything a newcomer needs: `make demo` and `make test`. Both set up a virtual environment first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out/street

.PHONY: demo test lint coverage bench docs clean

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	touch $@

demo: $(VENV)/.ready  ## convert the bundled example and show what came out
	$(BIN)/mapper convert examples/street -o $(OUT) --force
	$(BIN)/mapper verify $(OUT)
	@echo; echo "The bundle is in $(OUT):"; ls -l $(OUT)

test: $(VENV)/.ready  ## tests, types, lint and import contracts: the suite runs them all
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

coverage: $(VENV)/.ready  ## which lines and branches the tests reach
	$(BIN)/python -m pytest -n auto --cov --cov-report=term-missing:skip-covered

docs: $(VENV)/.ready  ## the documentation as a site, in out/site
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[docs]"
	$(BIN)/mkdocs build --strict

bench: $(VENV)/.ready  ## processor time and memory against the floors; writes benchmarks/RESULTS.md
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) out
