# Everything that a contributor runs. Each target sets up .venv first, where it needs it.

# 3.12 and 3.11 also run durable-rules; a later Python uses the plain chainer.
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do \
	$$p -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
POWER := examples/power-2023-2024.toml --on 2025-11-22
REFORM := examples/reforms/offset-ten.md examples/power-offsets-2025.toml --on 2027-01-15 --effective 2026-12-01
CHANGE := examples/short-2024.toml --on 2026-10-01 --decided 2026-10-01

# `check` answers by its exit status too: 1 a breach, 3 something open (docs/exit-codes.md).
# Words on standard error are no answer: bad input, or a crash.
define carbonlex
@echo '$$ carbonlex $(1)'
@mkdir -p out
@$(BIN)/carbonlex $(1) 2>out/errors || case $$? in 1|3) ;; *) cat out/errors >&2; exit 1 ;; esac
@cat out/errors >&2; test ! -s out/errors; rm out/errors
endef

.DEFAULT_GOAL := help
.PHONY: .venv help demo test test-spark test-postgres test-word lint mutate bench bench-portfolio agree readme snapshots clean python

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z.-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.venv: .venv/ready  ## the environment: carbonlex, editable, and the tools

.venv/ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "needs Python 3.11 or 3.12 with its venv module" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[excel,calendar,chart,portfolio,word,pdf,postgres]" --group dev
	@touch $@

demo: .venv  ## what the README shows, for real: calendar, allocation, position, check, law, memo, whatif, validity; files in out/
	@rm -f out/template.xlsx
	$(call carbonlex,calendar $(POWER) --ics out/power.ics)
	$(call carbonlex,allocation $(POWER) --year 2024)
	$(call carbonlex,position $(POWER))
	$(call carbonlex,position examples/cement-2025.toml --on 2026-11-22 --lang en)
	$(call carbonlex,check $(POWER) --only surrender)
	$(call carbonlex,check examples/steel-2024-2025.toml --on 2026-11-22 --brief)
	$(call carbonlex,check examples/service-body-2026.toml --on 2026-11-22 --brief)
	$(call carbonlex,check $(CHANGE) --only surrender)
	$(call carbonlex,law show interim-regs-2024#art_14)
	$(call carbonlex,law coverage --summary)
	$(call carbonlex,template steel -o out/template.xlsx --years 2024-2025)
	$(call carbonlex,memo $(CHANGE) -o out/memo.md)
	$(call carbonlex,memo $(CHANGE) --kind penalty --lang both -o out/penalty.docx --record --store out/records.sqlite)
	$(call carbonlex,records verify --store out/records.sqlite)
	$(call carbonlex,law diff legislation-law-2015 legislation-law-2023 -o out/redline.docx)
	$(call carbonlex,export --akn --instrument interim-regs-2024 -o out/interim-regs.xml)
	$(call carbonlex,whatif $(REFORM) --sweep offset_cap=0:0.15:0.01 --chart out/offset-cap.svg)
	$(call carbonlex,validity measures-2021#art_40 --on 2024-06-01)
	$(call carbonlex,portfolio check examples/portfolio --on 2026-11-22)
	$(call carbonlex,memo examples/reforms/derivatives.md -o out/drafting.md --on 2026-12-01)

test: .venv  ## every test and doctest
	$(BIN)/python -m pytest -n auto

test-spark: .venv-spark/ready  ## the Spark engine against the others, in an environment of its own; needs Java 17
	@java -version 2>&1 | awk -F '[".]' '/version/ { found = $$2 + 0 } END { exit found < 17 }' \
	|| { echo "needs Java 17: apt install openjdk-17-jre-headless, or brew install openjdk@17" >&2; exit 1; }
	.venv-spark/bin/python -m pytest tests/spark/agreement.py

.venv-spark/ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "needs Python 3.11 or 3.12 with its venv module" >&2; exit 1; }
	$(PYTHON) -m venv .venv-spark
	.venv-spark/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	.venv-spark/bin/python -m pip install --quiet --editable ".[spark]" --group dev
	@touch $@

test-postgres: .venv  ## records in a real PostgreSQL server, started for it; installs Debian's package
	$(BIN)/python tests/postgres/run.py

test-word: .venv  ## every kind of memo through LibreOffice to pictures in out/word/; installs Debian's packages
	$(BIN)/python tests/word/render.py

lint: .venv  ## style, types, and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

mutate: .venv  ## change the rules one by one: each change must fail a case
	$(BIN)/python tests/mutate.py

bench: .venv  ## how fast one case is, warm
	$(BIN)/python benchmarks/warm.py

agree: .venv  ## the portfolio against the reasoner: 100,000 cases of generated rulebooks
	$(BIN)/python tests/agree.py --cases 100000 --worlds 25 --first 7000

bench-portfolio: .venv  ## speed beside its peers, each in its own environment (an hour)
	$(BIN)/python benchmarks/portfolio/run.py --rows 1000 10000 100000 1000000 10000000
	$(BIN)/python benchmarks/portfolio/growth.py

readme: .venv  ## write the real output under the commands in README.md, and the facts into docs/cases.md
	$(BIN)/python tests/readme.py

snapshots: .venv  ## memos as they read, written anew into tests/snapshots for review
	CARBONLEX_SNAPSHOTS=write $(BIN)/python -m pytest -q tests/test_memo_snapshots.py

clean:  ## remove what the other targets made
	rm -rf .venv .venv-spark out dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@echo $(PYTHON)
