# `make` alone lists the targets. Everything runs from .venv, which is built on first use.
PORT ?= 8000
# The first Python that is new enough; failing that, python3 says itself that it is too old.
PYTHON ?= $(firstword $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p; done) python3)
# One file for every Python from 3.11 on and every system: differences become markers.
LOCK := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --custom-compile-command "make lock"

.PHONY: help demo demo-reset test check bench survive format lock venv venv-dev clean
help:  ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

demo: venv  ## Try Sightline with a sample company on http://127.0.0.1:8000 (PORT= moves it)
	@.venv/bin/python -m config.demo $(PORT)

demo-reset: venv  ## Start over: load the sample company anew
	@.venv/bin/python -m config.demo reset

test: venv-dev  ## Run every test, on the embedded PostgreSQL
	@POSTGRES_MEMORY=256MB .venv/bin/pytest -n 2 --maxschedchunk 4 $(ARGS)

check: venv-dev  ## Style, types, layers, migrations, house rules
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check .
	@.venv/bin/mypy --cache-dir /dev/null .
	@.venv/bin/lint-imports --no-cache --no-logo
	@.venv/bin/python manage.py makemigrations --check --dry-run
	@.venv/bin/python manage.py spectacular --validate --fail-on-warn --file /dev/null
	@.venv/bin/pytest --quiet tests/test_house_rules.py

bench: venv-dev  ## Measure against plain SQL
	@.venv/bin/python -m bench $(ARGS)

survive: venv-dev  ## Kill workers and PostgreSQL in the middle of runs (ARGS="--people 10000 --workers 5")
	@.venv/bin/python -m bench.survive $(ARGS)

format: venv-dev  ## Put the style right
	@.venv/bin/ruff check --quiet --fix .
	@.venv/bin/ruff format --quiet .

lock: venv-dev  ## Compile the hashed requirements anew from pyproject.toml
	@$(LOCK) $(ARGS) pyproject.toml --output-file requirements.txt
	@$(LOCK) $(ARGS) pyproject.toml --output-file requirements-dev.txt --extra dev --constraint requirements.txt

venv:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Install Python 3.11 or newer, or name one: make demo PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) config/environment.py requirements.txt

venv-dev: venv
	@$(PYTHON) config/environment.py requirements-dev.txt

clean:  ## Remove .venv, the trial's data and everything else that can be made anew
	@rm -rf .venv .sightline staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis
