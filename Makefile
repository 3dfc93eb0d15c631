# mapgen: set-up, maps, tests. `make help` lists the targets.

.DEFAULT_GOAL := map
.DELETE_ON_ERROR:
.PHONY: help map report test lint browser bench clean

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check
INSTALL := $(PIP) install --constraint constraints.txt
SETUP := setup.cfg pyproject.toml constraints.txt

# The first of these that is new enough makes the environment; PYTHON=... names another.
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

# apt PACKAGE...: install from Debian or Ubuntu, as root or by sudo; fails where neither can be had.
APT = apt() { \
	command -v apt-get >/dev/null || return 1; \
	if [ "$$(id -u)" = 0 ]; then as=env; elif [ -t 0 ]; then as="sudo env"; else as="sudo -n env"; fi; \
	echo "Installing $$*"; \
	$$as DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null && \
	$$as DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$$@" </dev/null >/dev/null; }

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

map: $(VENV)/.map ## build the default project into output/ (sets up .venv first)
	@$(PY) -m mapgen build

report: $(VENV)/.report ## write a report of the default project: output/report.pdf and output/report.docx
	@$(PY) -m mapgen report --output output/report.pdf
	@$(PY) -m mapgen report --output output/report.docx

test: lint browser ## run all tests (sets up the rest first, a browser too)
	$(PY) -m pytest --numprocesses auto --dist loadfile

lint: $(VENV)/.test ## check style, format and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

browser: $(VENV)/.test ## see to it that the tests have a Chromium and a font
	@$(PY) tests/chromium.py >/dev/null 2>&1 || { $(APT); \
		apt chromium fontconfig fonts-dejavu-core || $(PY) -m playwright install --with-deps chromium || true; }
	@$(PY) tests/chromium.py

bench: $(VENV)/.test ## measure mapgen beside its peers
	$(PY) -m tests.benchmarks

clean: ## remove what was built, the environment too
	rm -rf $(VENV) output build dist mapgen.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- the environment: each stamp says that what it depends on is installed

$(PY):
	@[ -n "$(PYTHON)" ] && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "mapgen needs Python 3.11 or later; none was found$(if $(PYTHON), as $(PYTHON))." \
		"Install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(APT); \
		package=$$($(PYTHON) -c 'import sys; print("python3.%d-venv" % sys.version_info.minor)'); \
		apt $$package || { echo "$(PYTHON) cannot make environments yet: apt-get install $$package"; exit 1; }; }
	@echo "Setting up $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)

# setuptools first, in its pinned version, so that nothing is fetched on the side to build mapgen itself.
$(VENV)/.map: $(SETUP) | $(PY)
	@echo "Installing what mapgen needs"
	@$(INSTALL) --upgrade setuptools
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(VENV)/.report: $(VENV)/.map
	@echo "Installing what reports need"
	@$(INSTALL) --no-build-isolation --editable ".[report]"
	@touch $@

$(VENV)/.test: $(VENV)/.map
	@echo "Installing what the tests need"
	@$(INSTALL) --no-build-isolation --editable ".[test]"
	@touch $@
