# Two commands do everything on a fresh machine: make demo, make test.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip
QUIETLY := --quiet --no-compile # what is imported is compiled then; all of it would take a minute

.PHONY: demo test quick ready browser lint compiled format clean

demo: .venv/installed
	@$(BIN)/recommender build data/sample/articles.jsonl -o build/sample.rec
	@echo && echo "Stories at the foot of china-india-border-chengdu:"
	@$(BIN)/recommender related build/sample.rec china-india-border-chengdu -k 5 --why
	@echo && echo "... and of larkspur-launch-failure:"
	@$(BIN)/recommender related build/sample.rec larkspur-launch-failure -k 5
	@echo && $(BIN)/recommender evaluate build/sample.rec data/sample/qrels.tsv
	@echo && echo "The same from a folder of HTML pages, as a site generator leaves it:"
	@$(BIN)/recommender build data/sample/pages -o build/pages.rec
	@$(BIN)/recommender related build/pages.rec 2026/ferry-timetable/index -k 2
	@$(BIN)/recommender export build/sample.rec --format html -o build/lists.html --why
	@echo && echo "All lists to look at: file://$(CURDIR)/build/lists.html"

test: .venv/tested
	@$(MAKE) --no-print-directory -j2 ready
	$(BIN)/python -m pytest -q -n auto --dist loadfile --hypothesis-profile=ci

# What a test run begins with takes a minute or two of one core each: both cores work.
ready: compiled lint browser

# Compiled before the tests, or else each of their processes compiles the same functions.
compiled: .venv/tested
	@$(BIN)/recommender build data/sample/articles.jsonl -o build/sample.rec

# The inner loop: lint, types, and the tests of the core, which need no torch, browser or notebook.
QUICK := tests/collection tests/rules tests/scoring tests/ranking tests/exposure tests/lists tests/store \
  tests/index/test_postings.py tests/test_layers.py tests/test_public_values.py
quick: .venv/tested lint
	$(BIN)/python -m pytest -q -x --no-header $(QUICK)

lint: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/tested
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The lists' page is tested in a real browser; without root the tests that need it say why they are skipped.
browser:
	@command -v chromium >/dev/null || \
	  { test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install -y chromium >/dev/null; } || \
	  echo "chromium is not installed: its tests will be skipped"

.venv/pip:
	$(PYTHON) -m venv .venv
	$(PIP) install $(QUIETLY) --upgrade 'pip>=25.1,<26.2'
	@touch $@

.venv/installed: .venv/pip pyproject.toml
	$(PIP) install $(QUIETLY) -e '.[html,parquet,weave]'
	@touch $@

.venv/tested: .venv/installed pyproject.toml
	$(PIP) install $(QUIETLY) torch==2.13.0 # first and by itself: what others ask for may be gigabytes of CUDA
	$(PIP) install $(QUIETLY) -e '.[html,parquet,weave,neural,static]' --group dev
	@touch $@

clean:
	rm -rf build .venv .mypy_cache .ruff_cache .pytest_cache
