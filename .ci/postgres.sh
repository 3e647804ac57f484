#!/bin/sh
# A throw-away PostgreSQL for tests: `postgres.sh start` prints its URL, `postgres.sh stop` ends it.
# Needs the server's programs (apt-get install -y postgresql). SOYUZNIK_POSTGRES_DIR names the folder.
set -eu

dir="${SOYUZNIK_POSTGRES_DIR:-/tmp/soyuznik-postgres}"
bin="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)"
[ -n "$bin" ] || bin="$(dirname "$(command -v pg_ctl || echo /nowhere/pg_ctl)")"
[ -x "$bin/pg_ctl" ] || { echo "postgres.sh: no PostgreSQL server here: apt-get install -y postgresql" >&2; exit 3; }

# The server refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

running() { [ -s "$dir/port" ] && as_postgres "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1; }

url() { echo "postgres://soyuznik@127.0.0.1:$(cat "$dir/port")/postgres"; }

start() {
    if running; then url; return; fi
    rm -rf "$dir"
    mkdir -p "$dir"
    if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; fi
    as_postgres "$bin/initdb" -D "$dir/data" -U soyuznik -A trust -E UTF8 --locale=C.UTF-8 >"$dir.log" 2>&1
    tries=0
    while [ $tries -lt 10 ]; do
        # Taken only if free: the server says so itself.
        port=$(shuf -i 20000-60000 -n 1)
        if as_postgres "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/log" \
            -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=200" \
            start >>"$dir.log" 2>&1; then
            echo "$port" >"$dir/port"
            url
            return
        fi
        tries=$((tries + 1))
    done
    cat "$dir.log" "$dir/log" >&2
    exit 1
}

case "${1:-}" in
    start) start ;;
    stop)
        if running; then as_postgres "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null; fi
        rm -rf "$dir" "$dir.log"
        ;;
    *) echo "usage: $0 start|stop" >&2; exit 2 ;;
esac
