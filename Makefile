# Every command a person needs; `make` alone prints them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
DATA ?=
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Dozens of processes start in a test: each reads what the first one compiled.
unexport PYTHONDONTWRITEBYTECODE
export CHECKPOINT_DISABLE := 1
# A kiosk that never starts: enough to ask the code about itself.
AS_KIOSK := EDGESHOP_ROLE=kiosk EDGESHOP_STATE=build/nobody EDGESHOP_CLOUD_URL=http://localhost \
  EDGESHOP_SECRET_KEY=none EDGESHOP_VAULT_CREDENTIAL=none
# Unit tests only compute, so they take every core; the other layers start processes of their own.
UNIT := tests/unit -n auto
STAMPS := $(VENV)/stamps
FRONTEND := $(shell find frontend -path frontend/node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: bench-fleet bench-sync bench-vault simulate-faults help install demo demo-reset test unit integration e2e check fmt lint types floors api api-check migrations docs \
  frontend frontend-check drill clean test-tools

help: ## print this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMPS)/core: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "EdgeShop needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say PYTHON=/path/to/python3.11.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the Python packages (hash-checked, about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/core
	@echo "Installing what development and tests need beyond that"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(STAMPS)/node: frontend/package-lock.json $(STAMPS)/core
	@deploy/node.sh $(BIN)
	@echo "Installing the front end's packages"
	@cd frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

static/dist/index.html: $(STAMPS)/node $(FRONTEND)
	@echo "Building the front end"
	@cd frontend && npm run --silent build

install: $(STAMPS)/core static/dist/index.html ## install what running needs, and build the front end

frontend: static/dist/index.html ## build the shopper's PWA

demo: install ## start cloud, kiosk and the demo panel; Ctrl-C stops all of it (ARGS=--check: unattended; DATA=FILE: real data)
	@$(BIN)/python -m edgeshop.shop.demo $(if $(DATA),--data $(DATA)) $(ARGS)

demo-reset: ## wipe the demo's state (var/demo)
	@rm -rf var/demo && echo "The demo starts from nothing next time."

test-tools: $(STAMPS)/dev static/dist/index.html
	@deploy/test-tools.sh

test: test-tools ## run unit, integration and end-to-end tests (installs Chromium and PostgreSQL when root)
	@cd frontend && npm run --silent test
	@for layer in "$(UNIT)" tests/integration tests/e2e; do $(BIN)/python -m pytest $$layer $(ARGS) || exit 1; done

unit: $(STAMPS)/dev ## run the unit tests
	@$(BIN)/python -m pytest $(UNIT) $(ARGS)

integration: test-tools ## run the integration tests
	@$(BIN)/python -m pytest tests/integration $(ARGS)

e2e: test-tools ## run the end-to-end tests
	@$(BIN)/python -m pytest -m e2e $(ARGS)

drill: test-tools ## prove the main job: sell through a double outage (ARGS='--json FILE --seed N --data FILE')
	@$(BIN)/python -m bench.drill $(ARGS)

bench-vault: test-tools ## measure the vault and attack it (ARGS='--json FILE --seed N --attacks N --mutants N')
	@$(BIN)/python -m bench.vault $(ARGS)

bench-sync: test-tools ## count the bytes of sync on the shared workload (ARGS='--json FILE --seed N --quick --seeds 7,11 --real')
	@$(BIN)/python -m bench.sync $(ARGS)

bench-fleet: test-tools ## measure a cloud under a fleet of kiosks (ARGS='--json FILE --seed N --kiosks N')
	@$(BIN)/python -m bench.fleet $(ARGS)

simulate-faults: test-tools ## break a shop by seed and count what is lost (ARGS='--seeds N --seed N --json FILE')
	@$(BIN)/python -m bench.faults $(ARGS)

check: lint types floors migrations api-check frontend-check docs ## everything CI checks besides the tests

fmt: $(STAMPS)/dev $(STAMPS)/node ## format the code
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format --quiet edgeshop tests bench manage.py && cd frontend && npm run --silent fmt

lint: $(STAMPS)/dev ## lint Python, import every test, and look for what no commit may hold
	@$(BIN)/ruff check .
	@found=$$($(BIN)/python -m pytest --collect-only -qq) || (echo "$$found" && false)
	@! grep -n '"resolved"' frontend/package-lock.json || (echo "package-lock.json names a registry" && false)

types: $(STAMPS)/dev ## check types, strictly
	@$(BIN)/mypy edgeshop

floors: $(STAMPS)/dev ## check who imports whom
	@DJANGO_SETTINGS_MODULE=edgeshop.settings.test $(BIN)/lint-imports

migrations: $(STAMPS)/dev ## check that the migrations are complete
	@DJANGO_SETTINGS_MODULE=edgeshop.settings.test $(BIN)/python manage.py makemigrations --check --dry-run

api: $(STAMPS)/dev $(STAMPS)/node ## export OpenAPI and generate the TypeScript types
	@$(AS_KIOSK) $(BIN)/python manage.py export_openapi_schema --api edgeshop.api.kiosk_api --indent 1 --sorted --output frontend/openapi.json
	@cd frontend && npm run --silent api

api-check: api
	@git diff --exit-code --stat -- frontend/openapi.json frontend/src/api/schema.d.ts || (echo "Run make api and commit the result" && false)

frontend-check: static/dist/index.html
	@cd frontend && npm run --silent lint && npm run --silent types && npm run --silent size

docs: $(STAMPS)/dev ## check that the docs name every setting, error, command and target
	@$(BIN)/python -m pytest -q tests/unit/docs

clean: ## remove what was built and installed
	@rm -rf $(VENV) static/dist frontend/node_modules build
