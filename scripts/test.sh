#!/usr/bin/env bash
# Every test: unit, property, the whole path over HTTP, both databases, the portal and its journeys in a real browser.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
need_rust
need_apt pkg-config openssl curl postgresql softhsm2 chromium fonts-noto-cjk poppler-utils zbar-tools \
    default-jdk-headless libbcpkix-java
need_portal
need_npm e2e
(cd web && npm run --silent test)

# Under /tmp, since the server's user must be able to enter every folder above it.
postgres=$(mktemp -d /tmp/gongshu-postgres.XXXXXX)
chmod 755 "$postgres"
trap 'bash scripts/postgres.sh stop "$postgres" || true' EXIT
GONGSHU_TEST_POSTGRES_URL=$(bash scripts/postgres.sh start "$postgres")
export GONGSHU_TEST_POSTGRES_URL
cargo test --workspace --locked --no-fail-fast
(cd e2e && npm run --silent test)
