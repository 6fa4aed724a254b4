.PHONY: help demo install test lint bench torture

# What can be made.
help:
	@echo "make demo     build, set up the sample district, live one lifecycle, serve it (FRESH=1 replaces an earlier one)"
	@echo "make install  an optimized gongshu, with the portal in it"
	@echo "make test     every test"
	@echo "make lint     format, lints, tidiness, licences"
	@echo "make bench    speed beside a peer"
	@echo "make torture  the fault tests, many rounds of each"

demo:
	FRESH=$(FRESH) bash scripts/demo.sh

install:
	bash scripts/install.sh

test:
	bash scripts/test.sh

lint:
	bash scripts/lint.sh

bench:
	bash scripts/bench.sh

torture:
	bash scripts/torture.sh
