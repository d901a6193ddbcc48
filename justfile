# One door for chores; `.ci/run` runs the same commands. Needs: pip install -e '.[dev,durable]'

# List the chores
default:
    @just --list

# Everything that CI checks of the working tree
check: lint types contracts test

# Run the tests
test *options:
    pytest {{ options }}

# Run the tests and show which lines none of them ran
coverage:
    coverage run -m pytest
    coverage report

# Look for mistakes and for unformatted code
lint:
    ruff check .
    ruff format --check .

# Mend what can be mended by itself
mend:
    ruff check --fix .
    ruff format .

# Check the types of the wheel, as its users see it
types:
    .ci/types

# Check who imports whom
contracts:
    lint-imports --no-cache

# Write anew what is generated: console examples, docs/corpus.md, facts.md, marts.md, metrics.md, rules.md, and the tables beside queries
docs:
    python tests/support/readme.py
    PYTHONPATH=tests python -m support.corpus_page
    PYTHONPATH=tests python -m support.mart_pages
    PYTHONPATH=tests python -m support.metrics_page
    PYTHONPATH=tests python -m support.rule_pages
    PYTHONPATH=tests python -m support.decision_table
    PYTHONPATH=tests python -m support.guide_page
    PYTHONPATH=tests python -m support.recovery_page
    PYTHONPATH=tests python -m support.settings_page
    PYTHONPATH=tests python -m support.doctor_page

# Run the notebooks and write them as pages into build/notebooks; takes some minutes
notebooks: notebooks-normalise
    PYTHONPATH=tests python -m support.notebooks render build/notebooks

# Take out of the notebooks what running and editing them left behind
notebooks-normalise:
    PYTHONPATH=tests python -m support.notebooks normalise

# Build the documentation site into build/site; `just site serve` shows it and follows changes
site command="build":
    NO_MKDOCS_2_WARNING=1 mkdocs {{ command }}

# Measure the learning curve and write its page anew; takes some minutes
curve:
    python benchmarks/learning_curve.py

# Compare what was tried for the classifier and write its page anew; takes about half an hour
compare:
    python benchmarks/model_comparison.py

# Measure what a user's own labelled failures bring and write its page anew; takes some minutes
own-history:
    python benchmarks/own_history.py

# Train the shipped model anew
model:
    errclass train --no-store --lean --out models/default

# What runs on every submission: from a clean clone of the last commit
ci:
    .ci/run
