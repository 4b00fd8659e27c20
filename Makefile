# Thin on purpose: what each target does stands in scripts/.
PYTHON ?= python3

.PHONY: run test prove check bench clean

run:    ## set up and start the whole system: make run PORT=9000, HTTPS=1 for phones on the same network
	@$(PYTHON) -m scripts.run

test:   ## all tests, on PostgreSQL and on SQLite: make test ARGS="-k booking"
	@$(PYTHON) -m scripts.test

prove:  ## the tests that kill processes, need volume, or assert plans at size
	@$(PYTHON) -m scripts.prove

check:  ## style, types, migrations, system checks, house rules
	@$(PYTHON) -m scripts.check

bench:  ## the rush for numbers, measured
	@$(PYTHON) -m scripts.bench

clean:  ## remove what can be made again; var/ with its data stays
	@$(PYTHON) -m scripts.clean
