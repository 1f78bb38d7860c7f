# One door. `make check` is exactly what CI runs.
PY := .venv/bin/python

.PHONY: setup check test fast fmt bench run demo lock schema newest test-postgres

setup:  ## a virtual environment with everything, from the locked hashes
	python3 tools/bootstrap.py setup

check:  ## what CI runs: a clean clone, everything installed from nothing, every check
	bash .ci/run

test:  ## every check and test in this tree
	python3 tools/bootstrap.py test

fast:  ## thinking rooms only, a few seconds
	$(PY) -m pytest -q tests/text tests/dedup tests/routing tests/classify tests/deals

fmt:
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench:  ## our stages beside the peers', as ratios
	$(PY) -m bench --json

demo:
	.venv/bin/bongsu demo

run:
	.venv/bin/bongsu run

LOCK := uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal

lock:  ## write requirements/*.lock anew
	$(LOCK) -o requirements/runtime.lock
	$(LOCK) --extra fleet -o requirements/fleet.lock
	$(LOCK) --group dev --group browser --extra fleet --extra extract --extra apprise --extra js -o requirements/dev.lock

schema:  ## write config/schema anew from the settings' tables
	.venv/bin/bongsu config schema --to config/schema

newest:  ## the tests on the newest versions that pyproject.toml allows, past the lock; in .newest
	uv venv --quiet --clear .newest
	uv pip install --quiet --python .newest/bin/python --resolution highest -e ".[fleet,extract,apprise,js]" --group dev
	.newest/bin/python -m pytest -q $(NEWEST)

test-postgres:  ## the jobs' tests on PostgreSQL (BONGSU_TEST_POSTGRES_URL), one schema a test
	BONGSU_TEST_STORE=postgres $(PY) -m pytest -q tests/jobs tests/store tests/contract tests/fleet tests/cli/test_demo.py
