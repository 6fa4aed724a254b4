#!/usr/bin/env bash
# A throw-away PostgreSQL for tests, on loopback: `postgres.sh start FOLDER` prints its address, `postgres.sh crash FOLDER`
# ends it as a crash would and starts it again, `postgres.sh revive FOLDER` starts it where it has ended, `postgres.sh halt FOLDER`
# ends what runs and leaves the folder, `postgres.sh stop FOLDER` removes it.
set -euo pipefail

bin=$(find /usr/lib/postgresql/*/bin -maxdepth 0 | sort -V | tail -n 1)
folder=$(realpath -m "$2")
# The server's user may not be able to enter the folder that this is called from.
cd /

as_user() {
    # The server refuses to run as root.
    if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

case "$1" in
start)
    mkdir -p "$folder"
    [ "$(id -u)" -eq 0 ] && chown postgres "$folder"
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    as_user "$bin/initdb" -D "$folder/data" -U gongshu --auth=trust -E UTF8 >/dev/null
    as_user "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
        -o "-c listen_addresses=127.0.0.1 -p $port -k $folder" start >/dev/null
    echo "postgres://gongshu@127.0.0.1:$port/postgres"
    ;;
crash)
    as_user "$bin/pg_ctl" -D "$folder/data" -m immediate -w -l "$folder/log" restart >/dev/null
    ;;
revive)
    as_user "$bin/pg_ctl" -D "$folder/data" status >/dev/null ||
        as_user "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" restart >/dev/null
    ;;
halt)
    pid=$(head -n 1 "$folder/data/postmaster.pid" 2>/dev/null || true)
    # Another may have its number by now.
    is_it() { grep -qs "$folder/data" "/proc/$pid/cmdline"; }
    is_it && kill -9 "$pid"
    while is_it || grep -qs '^State:.Z' "/proc/$pid/status"; do sleep 0.02; done
    ;;
stop)
    as_user "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null
    rm -rf "$folder"
    ;;
esac
