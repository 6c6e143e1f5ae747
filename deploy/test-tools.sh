#!/bin/sh
# What the tests need beyond Python and Node: Chromium and PostgreSQL's server, from Debian when we may install them.
set -eu
have_postgres() { command -v postgres >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; }
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
have_postgres || missing="$missing postgresql"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing$missing"
  # A policy that says no keeps the package from starting a service of its own.
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "The tests need$missing. Install them first, on Debian: sudo apt-get install$missing" >&2
  exit 1
fi
