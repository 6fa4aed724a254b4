#!/usr/bin/env bash
# The fault tests, many rounds of each. GONGSHU_TORTURE_ROUNDS says how many.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
need_rust
need_apt pkg-config
mkdir -p web/dist
export GONGSHU_TORTURE_ROUNDS="${GONGSHU_TORTURE_ROUNDS:-200}"
cargo test --locked --workspace --test gongshu -- --nocapture --test-threads=1 kill:: power_cut:: race:: schedule::
# Random queries, rules and data against the security domain. GONGSHU_TORTURE_CASES says how many.
GONGSHU_TORTURE_CASES="${GONGSHU_TORTURE_CASES:-5000}" cargo test --locked -p gongshu-engine --test domain -- properties::
