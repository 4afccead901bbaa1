# `make test` is the whole check, `make demo` the tour. Both need only Python 3.11 or newer, git and make.

PYTHON ?= $(or $(shell scripts/find_python.sh 11 12 13 14),python3)
UV := .tools/uv/bin/uv
RUN := .venv/bin
NEWEST := .venv-newest
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
# Tests start our command hundreds of times: without the cache of compiled files half of that is compiling.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := test
.PHONY: test lint servers newest demo format docs bench fuzz clean

# The closing lines say what was skipped and why. Three at once keep two cores busy: many tests wait for a server or a clock.
# A file is one process's, so that what its tests share is made once; the long ones come first, the short ones fill up the end.
test: .venv/ready servers lint newest
	$(RUN)/pytest -n 3 --dist loadfile --no-loadscope-reorder -rs

lint: .venv/ready
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports

# Where the API server, Redis, NetBox or Chromium cannot be had, what needs it is skipped, unless HEDGEHOG_REQUIRE_SERVERS=1. The
# language server that editors use needs node; without it its tests are skipped.
servers: .venv/ready
	PYTHONPATH=src $(RUN)/python tests/servers/kube.py --build-only || test "$$HEDGEHOG_REQUIRE_SERVERS" != 1
	$(RUN)/python tests/servers/redis_server.py --install || test "$$HEDGEHOG_REQUIRE_SERVERS" != 1
	$(RUN)/python tests/servers/netbox.py --prepare || test "$$HEDGEHOG_REQUIRE_SERVERS" != 1
	-@$(RUN)/python tests/servers/language_server.py --install
	$(RUN)/python tests/servers/browser.py --install || test "$$HEDGEHOG_REQUIRE_SERVERS" != 1
	-@PYTHONPATH=tests $(RUN)/python -m servers.workflow_tools --build

newest: .venv/ready
	@scripts/test_on_newest.sh $(NEWEST) $(RUN)/python

demo: .venv/ready
	@$(RUN)/hedgehog-gitops demo

format: .venv/ready
	$(RUN)/ruff format .
	$(RUN)/ruff check --fix .

docs: .venv/ready
	$(RUN)/hedgehog-gitops rules -o docs/rules.md
	PYTHONPATH=src $(RUN)/python scripts/command_reference.py docs/cli.md
	$(RUN)/python scripts/action_reference.py README.md docs/action.md

bench: .venv/ready servers
	$(RUN)/python benchmarks/validate.py
	$(RUN)/python benchmarks/cluster.py
	$(RUN)/python benchmarks/netbox.py
	$(RUN)/python benchmarks/diff.py

# Damaged files through the whole of validation for a minute; `make test` does a thousand of them.
fuzz: .venv/ready
	PYTHONPATH=src $(RUN)/python tests/hostile.py --seconds 60 --seed $$(date +%s)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name it: make PYTHON=...") if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -m venv .tools/uv
	@.tools/uv/bin/pip install --quiet --disable-pip-version-check uv

.venv/ready: $(UV) pyproject.toml uv.lock
	@$(UV) sync --quiet --frozen --python "$(PYTHON)"
	@touch $@

clean:
	rm -rf .venv .venv-* .tools dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
