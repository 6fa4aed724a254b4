#!/usr/bin/env bash
# Format, lints as errors, tidiness, licences and advisories, the portal's own lints.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
need_rust
need_apt pkg-config
mkdir -p web/dist
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
cargo xtask tidy
need_deny
cargo-deny --log-level error check licenses bans sources
# The advisory database is fetched from outside; without a way out that is said, and is no failure.
if cargo-deny --log-level error fetch db >/dev/null 2>&1; then
    cargo-deny --log-level error check advisories
else
    echo "the advisory database cannot be reached; advisories are not checked" >&2
fi
need_npm web
(cd web && npm run --silent lint)
