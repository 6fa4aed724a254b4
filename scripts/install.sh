#!/usr/bin/env bash
# Builds the portal and an optimized binary, and puts it where cargo puts programs. Takes half an hour on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
need_rust
need_apt pkg-config fonts-noto-cjk
need_portal
exec cargo install --locked --path crates/cli
