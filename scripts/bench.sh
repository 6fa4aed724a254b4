#!/usr/bin/env bash
# Speed, side by side with a peer in one run on this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
need_rust
need_apt pkg-config postgresql python3-venv
mkdir -p web/dist
cargo bench --locked --workspace --bench calls
cargo bench --locked --workspace --bench governed
cargo bench --locked --workspace --bench models
cargo bench --locked --workspace --bench acts
cargo bench --locked --workspace --bench two_years
cargo bench --locked --workspace --bench column_keys

# The ledger's peer is written in Go; without Go that is said, and is no failure.
peer=$(mktemp -d /tmp/gongshu-tessera.XXXXXX)
trap 'rm -rf "$peer"' EXIT
if command -v go >/dev/null && (cd crates/store/benches/ledger/tessera && go build -o "$peer/tessera" .); then
    export GONGSHU_BENCH_TESSERA="$peer/tessera"
else
    echo "Go 1.25 or newer is not there: Trillian Tessera is not measured" >&2
fi
cargo bench --locked --workspace --bench ledger

# Peers live in an environment of their own.
peers=${XDG_CACHE_HOME:-$HOME/.cache}/gongshu-peers
[ -x "$peers/bin/python" ] || python3 -m venv "$peers"
"$peers/bin/pip" install --quiet duckdb "psycopg[binary]"
postgres=$(mktemp -d /tmp/gongshu-bench.XXXXXX)
chmod 755 "$postgres"
trap 'bash scripts/postgres.sh stop "$postgres" || true; rm -rf "$peer"' EXIT
GONGSHU_BENCH_POSTGRES_URL=$(bash scripts/postgres.sh start "$postgres")
export GONGSHU_BENCH_POSTGRES_URL GONGSHU_BENCH_PEERS="$peers/bin/python"
cargo bench --locked --workspace --bench tpch

# SmartNoise asks for versions of its own.
smartnoise=${XDG_CACHE_HOME:-$HOME/.cache}/gongshu-smartnoise
[ -x "$smartnoise/bin/python" ] || python3 -m venv "$smartnoise"
"$smartnoise/bin/pip" install --quiet "smartnoise-sql==1.*" pyarrow
GONGSHU_BENCH_SMARTNOISE="$smartnoise/bin/python" cargo bench --locked --workspace --bench noisy
