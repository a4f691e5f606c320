# make run and make test do all their own set-up on a machine with Python 3.11+, git and make.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

.PHONY: run test check fmt lint bench samples proof train simulator listening setup setup-dev clean

run: setup                ## the dashboard, on http://127.0.0.1:8501 (PORT=8600 for another port)
	@$(BIN)/python app.py

test: setup-dev           ## all tests this machine can run
	@$(PYTEST) -q

check: setup-dev          ## what CI runs: format, lint, types, contracts, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(PYTEST) -q

fmt: setup-dev            ## format the code and mend what can be mended
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lint: setup-dev           ## everything of check but the tests
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

samples: setup-dev        ## write docs/samples.md anew
	@$(BIN)/python -m benchmarks.samples

bench: setup-dev          ## measure everything and rewrite BENCHMARKS.md
	@$(BIN)/python -m benchmarks

proof: setup-dev          ## the long proofs in full
	@GHOSTNOTES_PROOF=1 $(PYTEST) -q -m proof --timeout 5400

train: setup              ## train the small model that ships with the repository (under 45 minutes)
	@$(BIN)/python -m llm.train

simulator: setup-dev      ## a Spotify of our own on loopback, to click through (ARGS=--help)
	@$(BIN)/python -m tests.spotify_simulator $(ARGS)

listening: setup          ## docs/sound/: one clip per style and a page to hear them
	@$(BIN)/python -m synth.listening docs/sound

setup:
	@$(PYTHON) bootstrap.py

setup-dev:
	@$(PYTHON) bootstrap.py dev semantic

clean:                    ## forget the environment, keep your data
	rm -rf .venv
