# Every target sets up what it needs in .venv; nothing else to type on a fresh machine.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/bash
# The CPU build of torch; an unpinned one brings several GB of CUDA packages along.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint check bench bench-scale train-guards train-retrieval train-triage image-check clean

help:  ## Show what can be made.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

setup: $(VENV)/ready  ## Make .venv with everything in it (about 3 minutes, 3.5 GB).

$(VENV)/ready: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	@echo "Setting up .venv: about 3 minutes the first time."
	$(PIP) install --constraint constraints.txt --editable '.[local,evals,dev]'
	@touch $@

demo: setup  ## Draft, check and hold replies to three complaints, with a real language model.
	@$(BIN)/amends demo

test: setup  ## Run all tests.
	@$(BIN)/python -m pytest

lint: setup  ## Style, types and import contracts.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check: lint  ## What one runs after each change: lint and the fast tests, no model, under a minute.
	@$(BIN)/python -m pytest -m "not slow and not model"

bench: setup  ## Measure what the README says about speed and memory (a few minutes).
	@$(BIN)/python -m evals.bench

bench-scale: setup  ## Search over 10,000 to a million passages (half an hour, 9 GB of disk for a while).
	@$(BIN)/python -m evals.bench.scale

train-guards: setup  ## Train the guardrails' reader on evals/guards (half an hour on two cores).
	@$(BIN)/python -m evals.guards.train
	@$(BIN)/python -m evals.guards.thresholds

train-retrieval: setup  ## Train the complaints' encoder on evals/retrieval (half an hour on two cores).
	@$(BIN)/python -m evals.retrieval.train --only first --output .train/first.npz
	@$(BIN)/python -m evals.retrieval.train --output .train/all.npz
	@$(BIN)/python -m evals.retrieval.blend .train/first.npz .train/all.npz
	@$(BIN)/python -m evals.retrieval.fusion

train-triage: setup  ## Train the reader of posts on evals/triage (half an hour on two cores).
	@$(BIN)/python -m evals.triage.train

image-check: setup  ## Run the Dockerfile's steps in an empty folder, without a container engine.
	@bash .ci/image-check

clean:  ## Remove .venv and caches.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .image-check .train
