#!/usr/bin/env bash
# Speed, side by side with a peer in one run on this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
need_rust
need_apt pkg-config
mkdir -p web/dist
cargo bench --locked --workspace --bench calls
cargo bench --locked --workspace --bench governed
cargo bench --locked --workspace --bench acts
