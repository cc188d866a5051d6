# The commands a developer needs. `make run` and `make test` work from a bare checkout with Python 3.11 to 3.13.

PORT ?= 8000
VENV ?= .venv
PY := $(VENV)/bin/python
TEST_DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres
PYTEST := $(PY) -m pytest -n 2 --dist loadgroup

# The first interpreter that is new enough and not too new; PYTHON=... overrides.
FIND_PYTHON = for p in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
	  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info < (3,14))' 2>/dev/null && { echo $$p; exit 0; }; \
	done; echo "Sleevewise needs Python 3.11, 3.12 or 3.13; install one of them, or say make PYTHON=/path/to/python" >&2; exit 1

.PHONY: setup setup-dev run test check faults bench bench-runs mutate demo-reset lock
.DEFAULT_GOAL := run

$(PY):
	@python=$$($(FIND_PYTHON)) && { "$$python" -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "This Python cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv (or name another Python: make PYTHON=...)" >&2; exit 1; }; }

$(VENV)/.runtime: requirements.lock | $(PY)
	@echo "Installing what Sleevewise runs on (once; about a minute) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(PY)
	@echo "Installing what the tests need as well (once) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.runtime

setup: $(VENV)/.runtime

setup-dev: $(VENV)/.dev

# Everything in one process tree: web server, worker, embedded database, demo firm. Ctrl-C stops it all.
run: setup
	@exec $(PY) manage.py launch --port $(PORT)

# The whole suite on the embedded database; then, where a PostgreSQL answers, all that touches a database again on it.
test: setup-dev
	DATABASE_URL= REDIS_URL= CELERY_BROKER_URL= $(PYTEST)
	@if $(PY) -c 'import psycopg2; psycopg2.connect("$(TEST_DATABASE_URL)", connect_timeout=2)' 2>/dev/null; then \
	  echo "Again on PostgreSQL:"; DATABASE_URL="$(TEST_DATABASE_URL)" $(PYTEST) -m "not browser and not postgres and not redis" tests/households tests/implementation tests/recommendations tests/supervision tests/runs tests/conf; \
	elif [ "$$CI" = true ]; then echo "No PostgreSQL at $(TEST_DATABASE_URL), and CI demands it" >&2; exit 1; \
	else echo "Skipped: the same tests on PostgreSQL (no server at $(TEST_DATABASE_URL); set TEST_DATABASE_URL)"; fi

check: setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy implementation/rules implementation/evidence
	$(VENV)/bin/lint-imports
	$(PY) -m implementation.reference --check
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check
	SLEEVEWISE_ENV=production DJANGO_SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" ALLOWED_HOSTS=sleevewise.example $(PY) manage.py check --deploy --fail-level WARNING

# The long set of faults: workers killed, frozen and cut off at random. FAULTS=1000 make faults takes hours.
faults: setup-dev
	FAULTS=$${FAULTS:-50} $(PY) -m pytest tests/runs/test_faults.py

# The rules beside the same rules in other hands, account by account equal; BENCH="--accounts 100000 --rounds 1" is shorter.
bench: setup-dev
	$(PY) manage.py bench $(BENCH)

# One bulk review of 10,000 accounts and its repetition in every configuration that can be reached, with what it took.
bench-runs: setup-dev
	ACCOUNTS=$${ACCOUNTS:-10000} $(PY) -m pytest tests/runs/test_configurations.py -s

# Small changes to the core, one at a time: which of them the tests notice. ONLY="shapes scoring" takes some files,
# POLICY=1 the numbers of the policy. Hours; docs/mutation.md has the latest result.
mutate: setup-dev
	nice $(PY) -m tests.mutation.run $(if $(ONLY),--only $(ONLY)) $(if $(POLICY),--policy)

demo-reset: setup
	$(PY) manage.py demo --reset

# Pins, with hashes for every platform and no download address.
LOCK = $(PY) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet
lock: setup-dev
	$(PY) -m pip install --quiet uv
	$(LOCK) -o requirements.lock
	$(LOCK) --extra dev --extra bench -o requirements-dev.lock
