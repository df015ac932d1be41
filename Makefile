# make setup         .venv with everything in requirements.lock
# make native        the C libraries that WeasyPrint loads
# make fonts         fonts for names in scripts that the sheets' own fonts lack
# make node          Node.js and npm, by which the page's parts are fetched and tried
# make viewers       the browser and the PDF programs that the tests look at pages with
# make worksheets    the published sheets of all levels and five of level 1, into out/
# make catalogue     every kind and level, blank beside solved, as one PDF and one HTML page in out/
# make layouts       the layouts of all kinds, as a wheel carries them, into build/layouts
# make page          the page in a browser, for any static host, into out/page; KINDS="rlhf dpo" for a few
# make docs          the site for teachers, learners and authors, into out/site
# make test          the tests
# make fast          those of them that take no more than a second
# make test-all      the tests and the long sweeps: hundreds of sheets of every kind
# make bench         how fast it is
# make lint          style, types and the direction of imports
# make plans         the plans of the kinds' pages, searched anew
# make messages      the catalogues of the sheets' languages, with every message that there is
# make lock          requirements.lock anew, from pyproject.toml
# make picture       the picture in the README
# make clean         removes all that these targets made

.DEFAULT_GOAL := help
.PHONY: help setup native fonts node viewers worksheets catalogue docs layouts page test fast test-all bench lint plans messages lock \
	picture clean
.NOTPARALLEL:
.DELETE_ON_ERROR:
# Without bytecode each worker rewrites the assertions of all test files anew, some 10 s of it.
unexport PYTHONDONTWRITEBYTECODE

# The first Python that is new enough; make PYTHON=... chooses another.
PYTHON = $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SHEET := $(BIN)/python generator.py sheet rlhf --output out

help:
	@sed -n 's/^# make/make/p' Makefile

setup: .venv/.stamp

.venv/.stamp: pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and was not found." >&2; exit 1; }
	PYTHON=$(PYTHON) scripts/native-libraries venv
	$(PYTHON) -m venv .venv
	$(PIP) install --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

native: setup
	@PYTHON=$(BIN)/python scripts/native-libraries

fonts:
	@PYTHON=$(PYTHON) scripts/native-libraries fonts

node:
	@scripts/native-libraries node

viewers: setup node
	@scripts/native-libraries viewer
	@PYTHON=$(BIN)/python scripts/native-libraries picture

worksheets: setup native
	$(SHEET) --level 1 --edition published --number 1
	$(SHEET) --level 2 --edition published --number 1
	$(SHEET) --level 3 --edition published --number 1
	$(SHEET) --level 1 --number 1 --count 5
	@echo "The worksheets are in $(CURDIR)/out"

catalogue: setup native
	$(BIN)/python scripts/catalogue.py out

layouts: setup native
	$(BIN)/python scripts/layouts.py build/layouts $(KINDS)

page: setup native node
	$(BIN)/python scripts/layouts.py build/page-layouts --page $(KINDS)
	$(BIN)/python scripts/make_page.py out/page build/page-layouts $(KINDS)

docs: setup native
	$(BIN)/python -m sphinx -W -q -b html docs/site out/site
	@echo "The site is $(CURDIR)/out/site/index.html"

test: setup native fonts viewers
	@$(BIN)/python -m pytest -n auto -q

test-all: setup native fonts viewers
	@$(BIN)/python -m pytest -n auto -q --sweep

fast: setup native fonts
	@$(BIN)/python -m pytest -n auto -q -m "not slow"

bench: setup native
	$(BIN)/python -m benchmarks

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

plans: setup
	$(BIN)/python scripts/plans.py

messages: setup
	@$(BIN)/python scripts/messages.py

# One lock for all platforms and Pythons; UPGRADE=1 takes the newest releases.
lock:
	PYTHON=$(PYTHON) scripts/native-libraries venv
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check --quiet install uv
	build/lock/bin/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
		--generate-hashes --extra dev --custom-compile-command "make lock" \
		$(if $(UPGRADE),--upgrade) --output-file requirements.lock pyproject.toml

picture: setup native
	@PYTHON=$(BIN)/python scripts/native-libraries picture
	$(BIN)/python scripts/picture.py

clean:
	rm -rf .venv out docs/site/lessons build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
