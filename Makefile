# `make` lists what there is. `make demo` needs Python 3.12 or newer and nothing else.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON := .venv/bin/python
UV_VERSION := 0.13.9
COMPILE := UV_CUSTOM_COMPILE_COMMAND='make lock' .tools/bin/uv pip compile --quiet --universal --python-version 3.12 \
	--generate-hashes $(if $(UPGRADE),--upgrade)
# For tools that read the settings and touch no server.
NO_SERVERS := DATABASE_URL=postgresql://nobody@/none REDIS_URL=redis://none LOCAL=True

.PHONY: help setup setup-dev demo demo-reset stop test check check-format check-lint check-templates check-types \
	check-imports check-dependencies check-empty bench kill lock fix screens slow messages clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup:
	@sh scripts/bootstrap.sh run
	@$(PYTHON) -m lamp_portal.catalogues

setup-dev: setup
	@sh scripts/bootstrap.sh dev

demo: setup ## Run the portal with its demonstration world on 127.0.0.1 (PORT=8000)
	@exec $(PYTHON) -m lamp_portal.servers.run

demo-reset: setup ## The same, from an empty database
	@exec $(PYTHON) -m lamp_portal.servers.run --reset

stop: setup ## Stop embedded servers that were left running
	@$(PYTHON) -m lamp_portal.servers down --profile demo
	@$(PYTHON) -m lamp_portal.servers down --profile test --if-idle

test: setup-dev ## All tests (ARGS="tests/workers -k move" for some)
	@sh scripts/test.sh $(ARGS)

CHECKS := check-format check-lint check-templates check-types check-imports check-dependencies check-empty
check: $(CHECKS) test ## Everything that must hold before a change is accepted

check-format: setup-dev
	@$(PYTHON) -m ruff format --check .

check-lint: setup-dev
	@$(PYTHON) -m ruff check .

check-templates: setup-dev
	@$(PYTHON) -m djlint --quiet --lint templates

check-types: setup-dev
	@$(NO_SERVERS) $(PYTHON) -m mypy .

check-imports: setup-dev
	@.venv/bin/lint-imports

check-dependencies: setup-dev
	@$(PYTHON) -m deptry .

check-empty: setup-dev
	@sh scripts/check_empty.sh

bench: setup-dev ## Measure, and compare with the last figures
	@$(PYTHON) -m bench $(ARGS)

kill: setup-dev ## Kill worker, connection and broker at 20 random moments of imports (ARGS="--rows 3000 --moments 4")
	@$(PYTHON) -m bench.killing $(ARGS)

screens: setup-dev ## Take docs/screens/ from the demonstration world (PAGES="placement cohort" for some, KEEP=1 keeps the world)
	@$(PYTHON) scripts/screens.py $(PAGES)

slow: setup-dev ## Measure the ten pages that are opened most over a slow network (ARGS="--profile slow-4g", KEEP=1)
	@$(PYTHON) scripts/slow_pages.py $(ARGS)

fix: setup-dev ## Format the code and mend what can be mended by itself
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

messages: setup-dev ## Collect the texts to translate and compile the translations (needs gettext)
	@$(NO_SERVERS) $(PYTHON) manage.py makemessages --all --no-obsolete --no-wrap --add-location file --ignore .venv
	@$(PYTHON) -m lamp_portal.catalogues

lock: .tools/bin/uv ## Resolve pyproject.toml into the two requirements files (UPGRADE=1: to the newest)
	@$(COMPILE) pyproject.toml -o requirements.txt
	@$(COMPILE) --group dev -c requirements.txt -o requirements-dev.txt

.tools/bin/uv: setup
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

clean: ## Remove what is made anew by itself; the demonstration's data stay (demo-reset deletes those)
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m lamp_portal.servers down --profile test --if-idle; fi
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@rm -rf .local/cache .local/collected .local/static .local/static.stamp .local/fonts
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
