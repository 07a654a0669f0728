# Every target makes .venv first if it is not there, and brings it up to date when pyproject.toml or constraints.txt changed.

BIN := .venv/bin
READY := .venv/.ready
BENCH_READY := .venv/.ready-bench
PYTEST_FLAGS ?= -n auto --maxprocesses 4
ARGS ?=

.PHONY: help run test lint bench soak tour pictures clean distclean

help:
	@echo "make run        open the window (without a display: draw the tour into ./tour)"
	@echo "make test       run the tests"
	@echo "make lint       style, types and import contracts"
	@echo "make bench      run the benchmarks"
	@echo "make soak       shake it hard for two hours: random events, damaged files, injected faults (ARGS=--quick: a tenth)"
	@echo "make tour       draw every tab into ./tour"
	@echo "make pictures   make the pictures of README.md and docs/ anew (ARGS=NAME: one of them)"
	@echo "make clean      remove what the other targets left behind; make distclean: the environment as well"

$(READY): pyproject.toml constraints.txt tools/setup.sh tools/check_system.py
	@tools/setup.sh test
	@$(BIN)/python tools/check_system.py
	@touch $@

$(BENCH_READY): $(READY)
	@tools/setup.sh test,bench
	@touch $@

run: $(READY)
	@if [ "$$(uname -s)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY$$QT_QPA_PLATFORM" ]; then \
		echo "There is no display to open a window on, so the tour is drawn into ./tour instead."; \
		$(BIN)/python -m hw2gui tour --out tour; \
	else \
		$(BIN)/python -m hw2gui $(ARGS); \
	fi

test: $(READY)
	@$(BIN)/python -m pytest $(PYTEST_FLAGS)

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(BENCH_READY)
	@$(BIN)/python benchmarks/run.py

soak: $(READY)
	@$(BIN)/python -m tests.soak.run $(ARGS)

tour: $(READY)
	@$(BIN)/python -m hw2gui tour --out tour

pictures: $(READY)
	@$(BIN)/python tools/make_pictures.py $(ARGS)

clean:
	rm -rf tour build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv *.egg-info
