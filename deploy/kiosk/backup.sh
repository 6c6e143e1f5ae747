#!/bin/sh
# Copy a kiosk's database and encrypted keys while it sells, and keep the newest copies: backup.sh STATE TARGET [KEEP].
# The journal's head file is left out on purpose: with it a restored kiosk could not notice that it was restored. So is
# the list of the erased: an older one, put back, would bring people back.
set -eu
umask 077
state=$1 target=$2/$(date -u +%Y-%m-%dT%H%M%SZ) keep=${3:-14}
python=$(dirname "$0")/../../.venv/bin/python
[ -x "$python" ] || python=python3
mkdir -p "$target.part"
"$python" - "$state/kiosk.sqlite3" "$target.part/kiosk.sqlite3" <<'PYTHON'
import sqlite3
import sys

source, copy = (sqlite3.connect(path) for path in sys.argv[1:])
source.backup(copy, pages=1000, sleep=0.01)
found = copy.execute("PRAGMA integrity_check").fetchone()[0]
sys.exit(None if found == "ok" else f"The copy is damaged: {found}")
PYTHON
cp -a "$state/keys" "$target.part/keys"
mv "$target.part" "$target" # a name without .part is a whole copy
sync "$target" "$target"/*
ls -d "$2"/????-??-??T??????Z | sort -r | tail -n "+$((keep + 1))" | while read -r old; do rm -rf "$old"; done
echo "$target"
