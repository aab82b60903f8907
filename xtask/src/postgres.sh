# A throw-away PostgreSQL: lives while the standard input is open, then leaves nothing behind.
# $1: directory of the PostgreSQL programs, $2: port. Says "ready" when it answers.
set -eu
# Whoever holds our input decides when to stop; an interrupted test run closes it too.
trap '' INT TERM HUP
home=$(mktemp -d /tmp/ocop-pg.XXXXXX)
cd "$home"
server=
finish() {
    if [ -n "$server" ]; then
        kill -INT "$server" 2>/dev/null || true
        wait "$server" || true
    fi
    cd /
    rm -rf "$home"
}
trap finish EXIT

"$1/initdb" -D data -U ocop -A trust --locale=C.UTF-8 -E UTF8 --no-sync >log 2>&1 || { cat log >&2; exit 1; }
# Tests never need their data after a power cut.
"$1/postgres" -D data -p "$2" -h 127.0.0.1 -k "$home" -c max_connections=300 -c shared_buffers=64MB \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off >log 2>&1 </dev/null &
server=$!
tries=0
until "$1/pg_isready" -q -h 127.0.0.1 -p "$2"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
        cat log >&2
        exit 1
    fi
    sleep 0.1
done
echo ready
read -r _ || true
