#!/usr/bin/env bash
# Builds the portal and the release binary, lives the sample district's lifecycle, serves it. FRESH=1 replaces an earlier
# demo.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
need_rust
need_apt pkg-config fonts-noto-cjk
need_portal
cargo build --release --locked --workspace --bin gongshu
options=()
[ "${FRESH:-}" = 1 ] && options+=(--fresh)
exec target/release/gongshu demo "${options[@]}"
