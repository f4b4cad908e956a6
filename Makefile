# Everything that a person does with the repository. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
FLASK := .venv/bin/flask --app wsgi
export PORT ?= 8000

.PHONY: help setup port run test check bench translations

help: ## List what can be done
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/.installed: requirements.txt requirements-dev.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 eller nyere trengs; dette er $$(python3 --version)."; exit 1; }
	@test -x $(PY) || python3 -m venv .venv || \
		{ echo "Lag av .venv gikk ikke. På Debian og Ubuntu: apt install python3-venv"; rm -rf .venv; exit 1; }
	@.venv/bin/pip install --quiet --disable-pip-version-check --retries 1 --timeout 15 -r requirements-dev.txt || \
		{ echo "Pakkene ble ikke hentet. Første gang trengs nett til pypi.org, eller et eget speil:"; \
		  echo "  PIP_INDEX_URL=https://speil.kommunen.example/simple make $(or $(MAKECMDGOALS),setup)"; exit 1; }
	@touch $@

setup: .venv/.installed ## Install the pinned packages and build the assets; nothing else
	@$(PY) -m intranet.web.assets
	@$(PY) -m intranet.web.catalogues

# First of all, so that nobody waits for the seeding and is told afterwards.
port:
	@python3 -c 'import socket, sys; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", int(sys.argv[1])))' \
		$(PORT) 2>/dev/null || \
		{ echo "Port $(PORT) er opptatt eller kan ikke brukes. Velg en annen: PORT=8001 make run"; exit 1; }

run: port setup ## Run the demonstration municipality; prints the address and the accounts
	@$(FLASK) db upgrade
	@$(FLASK) demo seed
	@$(FLASK) demo accounts
	@echo "Åpne http://127.0.0.1:$(PORT)  (Ctrl+C stopper)"
	@.venv/bin/honcho --no-prefix start

test: setup ## Start the real servers and run all tests
	@bash tests/servers/install.sh
	@# The domain controller has fixed ports: alone, then everything else, on one process more than
	@# the two cores it is measured on: some tests wait long for a lock, a clock or a slow line.
	@$(PY) -m pytest -m samba
	@$(PY) -m pytest -m "not samba" -n 3 --dist loadgroup

check: setup ## ruff, mypy, import-linter, templates, translations, migrations
	@.venv/bin/ruff check intranet tests benchmarks wsgi.py
	@.venv/bin/ruff format --check intranet tests benchmarks wsgi.py
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/djlint --lint --quiet templates
	@$(PY) -m intranet.web.catalogues --check
	@$(PY) -m tests.architecture.check_migrations

translations: setup ## Collect new texts into the catalogues
	@$(PY) -m intranet.web.catalogues --update

bench: setup ## Measure against the budgets and print one table
	@$(PY) -m benchmarks
