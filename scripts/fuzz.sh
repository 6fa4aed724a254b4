#!/usr/bin/env bash
# Fuzzes what reads bytes from outside (fuzz/README.md): GONGSHU_FUZZ_SECONDS a target, GONGSHU_FUZZ_TARGETS or all.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
need_rust
need_apt g++ openssl python3
need_fuzz
python3 fuzz/seeds.py
for target in ${GONGSHU_FUZZ_TARGETS:-notes receipts tiles witness stamps certificates policies sources models queries}; do
    echo "== $target"
    # Time and memory of one input are bounded; a slower or larger one is a finding.
    cargo fuzz run --fuzz-dir fuzz --sanitizer none --dev --features domain "$target" -- \
        -max_total_time="${GONGSHU_FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=512 \
        -max_len=4096 -print_final_stats=1 -verbosity=0
done
