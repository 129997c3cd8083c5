#!/usr/bin/env bash
# A PostgreSQL server of the project's own, beside whatever else runs: scripts/postgres.sh start|stop
#
# It listens on 127.0.0.1 alone, on a port of its own, and has three roles without a password: leadsignal_load fills raw schemas,
# leadsignal_build makes the tables, leadsignal_bi reads what is published. Its owner alone is superuser, over the socket.
set -euo pipefail

port=${POSTGRES_PORT:-5455}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
programs=/usr/lib/postgresql/15/bin

# PostgreSQL refuses to run as root: then it runs as Debian's user postgres, in a folder that this one can reach.
if [[ $(id -u) == 0 ]]; then
    data=${POSTGRES_DATA:-/var/lib/postgresql/leadsignal}
    as_owner() { (cd / && runuser -u postgres -- "$@"); }
else
    data=${POSTGRES_DATA:-$here/warehouse/postgres}
    as_owner() { "$@"; }
fi

ensure_programs() {
    if [[ -x $programs/initdb ]]; then return; fi
    if [[ $(id -u) != 0 ]]; then
        echo "PostgreSQL 15 is not installed: run \`sudo apt-get install postgresql-15\`, then \`make postgres\` again." >&2
        exit 1
    fi
    echo "Installing PostgreSQL 15"
    # Debian would start a server of its own for it.
    mkdir -p /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.d/leadsignal.conf
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y postgresql-15 > /dev/null
}

create() {
    if [[ -s $data/PG_VERSION ]]; then return; fi
    mkdir -p -m 700 "$data"
    if [[ $(id -u) == 0 ]]; then chown postgres:postgres "$data"; fi
    as_owner "$programs/initdb" --pgdata "$data" --encoding UTF8 --locale C.UTF-8 --auth-local peer --auth-host reject > /dev/null
    as_owner tee -a "$data/postgresql.conf" > /dev/null << SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = '$data'
shared_buffers = 512MB
max_wal_size = 4GB
SETTINGS
    as_owner tee "$data/pg_hba.conf" > /dev/null << RULES
local all all peer
host leadsignal leadsignal_load,leadsignal_build,leadsignal_bi 127.0.0.1/32 trust
RULES
}

query() { as_owner "$programs/psql" --host "$data" --port "$port" --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "$@"; }

is_running() { as_owner "$programs/pg_ctl" --pgdata "$data" status > /dev/null 2>&1; }

start() {
    if is_running; then return; fi
    if ! as_owner "$programs/pg_ctl" --pgdata "$data" --options "-p $port" --log "$data/server.log" --wait start > /dev/null; then
        tail -n 3 "$data/server.log" >&2
        exit 1
    fi
}

fill() {
    if [[ $(query --dbname postgres --command "select 1 from pg_database where datname = 'leadsignal'") == 1 ]]; then return; fi
    query --dbname postgres --file - < "$here/scripts/postgres_roles.sql"
    query --dbname postgres --command "create database leadsignal"
    query --dbname leadsignal --command "revoke all on schema public from public;
        revoke all on database leadsignal from public;
        grant connect on database leadsignal to leadsignal_load, leadsignal_build, leadsignal_bi;
        grant create on database leadsignal to leadsignal_load, leadsignal_build;
        grant temporary on database leadsignal to leadsignal_build"
}

case ${1:-} in
    start)
        ensure_programs
        create
        start
        fill
        echo "PostgreSQL is running on 127.0.0.1:$port (database leadsignal, data in $data)"
        ;;
    stop)
        if is_running; then as_owner "$programs/pg_ctl" --pgdata "$data" --mode fast --wait stop > /dev/null; fi
        echo "PostgreSQL on port $port is stopped"
        ;;
    *)
        echo "Usage: scripts/postgres.sh start|stop" >&2
        exit 2
        ;;
esac
