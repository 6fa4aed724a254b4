.PHONY: demo test lint

# Set up the sample district, live one lifecycle, serve it (FRESH=1 replaces an earlier one).
demo:
	FRESH=$(FRESH) bash scripts/demo.sh

# Every test.
test:
	bash scripts/test.sh

# Format, lints, tidiness.
lint:
	bash scripts/lint.sh
