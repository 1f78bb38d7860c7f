# One door for people and for CI. `make check` is exactly what CI runs.
UV ?= uv
PY := .venv/bin/python

.PHONY: setup check test fast fmt lint types rooms bench run demo lock schema

setup:  ## a virtual environment with everything, from the locked hashes
	@command -v $(UV) >/dev/null || python3 -m pip install --quiet --user uv
	@PATH="$$HOME/.local/bin:$$PATH"; test -x $(PY) || $(UV) venv --quiet .venv
	@PATH="$$HOME/.local/bin:$$PATH"; $(UV) pip install --quiet --python $(PY) --require-hashes -r requirements/dev.lock
	@PATH="$$HOME/.local/bin:$$PATH"; $(UV) pip install --quiet --python $(PY) --no-deps -e .

check:  ## what CI runs
	bash .ci/run

test: lint types rooms  ## everything that decides whether main is green
	$(PY) -m pytest -q

fast:  ## thinking rooms only, a few seconds
	$(PY) -m pytest -q tests/text tests/dedup tests/routing tests/classify tests/deals

fmt:
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

lint:
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .

types:
	.venv/bin/mypy

rooms:
	.venv/bin/lint-imports

bench:  ## our stages beside the peers', as ratios
	$(PY) -m bench --json

demo:
	.venv/bin/bongsu demo

run:
	.venv/bin/bongsu run

lock:  ## write requirements/*.lock anew
	$(UV) pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal -o requirements/runtime.lock
	$(UV) pip compile -q pyproject.toml --group dev --all-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal -o requirements/dev.lock
