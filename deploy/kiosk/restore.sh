#!/bin/sh
# Put a copy by backup.sh back in place: restore.sh COPY STATE. Stop the kiosk first; nothing here is deleted.
# What was there is moved to STATE/replaced-TIME: sales that the cloud has not got may be in it.
set -eu
umask 077
copy=$1 state=$2 aside=$2/replaced-$(date -u +%Y-%m-%dT%H%M%SZ)
[ -f "$copy/kiosk.sqlite3" ] && [ -d "$copy/keys" ] || { echo "$copy is not a whole copy." >&2; exit 1; }
mkdir -p "$aside"
# The write-ahead log belongs to the database that goes: beside another one it would be read into it.
for part in kiosk.sqlite3 kiosk.sqlite3-wal kiosk.sqlite3-shm; do
  if [ -e "$state/$part" ]; then mv "$state/$part" "$aside/$part"; fi
done
cp -a "$copy/kiosk.sqlite3" "$state/kiosk.sqlite3"
[ -d "$state/keys" ] || cp -a "$copy/keys" "$state/keys" # keys that survived are newer than their copy
sync "$state/kiosk.sqlite3" "$state"
echo "Restored from $copy. Start the kiosk: it notices, and gets a new epoch at its next contact."
