#!/usr/bin/env bash
# Builds the portal and the binary, lives the sample district's lifecycle, serves it. FRESH=1 replaces an earlier demo.
# It is a development build, the one that the tests take: there in minutes, where an optimized one takes half an hour.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
need_rust
need_apt pkg-config fonts-noto-cjk
need_portal
cargo build --locked --workspace --bin gongshu
options=()
[ "${FRESH:-}" = 1 ] && options+=(--fresh)
exec target/debug/gongshu demo "${options[@]}"
