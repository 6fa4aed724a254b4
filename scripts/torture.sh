#!/usr/bin/env bash
# The fault tests, many rounds of each. GONGSHU_TORTURE_ROUNDS says how many.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
need_rust
need_apt pkg-config postgresql
mkdir -p web/dist
export GONGSHU_TORTURE_ROUNDS="${GONGSHU_TORTURE_ROUNDS:-200}"
# Under /tmp, since the server's user must be able to enter every folder above it.
postgres=$(mktemp -d /tmp/gongshu-postgres.XXXXXX)
chmod 755 "$postgres"
trap 'bash scripts/postgres.sh stop "$postgres" || true' EXIT
GONGSHU_TEST_POSTGRES_URL=$(bash scripts/postgres.sh start "$postgres")
export GONGSHU_TEST_POSTGRES_URL
cargo test --locked --workspace --test gongshu -- --nocapture --test-threads=1 clock:: full_disk:: kill:: lost_database:: lost_turn:: lying_witness:: power_cut:: power_cut_postgres:: private_budget:: race:: schedule:: torn_write::
# Random queries, rules and data against the security domain. GONGSHU_TORTURE_CASES says how many.
GONGSHU_TORTURE_CASES="${GONGSHU_TORTURE_CASES:-5000}" cargo test --locked --workspace --test domain -- properties::
# Texts of the attack suite, cut, doubled and spliced, against the check. GONGSHU_TORTURE_TEXTS says how many.
GONGSHU_TORTURE_TEXTS="${GONGSHU_TORTURE_TEXTS:-60000}" cargo test --locked --workspace --test domain -- --nocapture mutations::
# Two years of a district's life with a million calls, everything decided again from the record.
GONGSHU_LIFE_CALLS="${GONGSHU_LIFE_CALLS:-1000000}" cargo test --locked --release -p gongshu-governance -- --nocapture two_years::
# Random districts against a model of the rules, each until its exit is closed; and several agreements with a clock, against
# what always holds.
GONGSHU_TORTURE_CASES="${GONGSHU_TORTURE_CASES:-5000}" cargo test --locked --release -p gongshu-governance -- --nocapture model::
# Every paper of such a life as PDF, and what stands on it read again.
GONGSHU_LIFE_CALLS=1000000 cargo test --locked --workspace --test papers -- --nocapture two_years
# What reads bytes from outside, under libFuzzer. GONGSHU_FUZZ_SECONDS says how long for each target.
bash scripts/fuzz.sh
