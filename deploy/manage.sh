#!/bin/sh
# Run a management command as the services of this machine run: manage.sh cloud|kiosk COMMAND [ARGUMENT...], as root.
# Secrets go through the environment of one process of the service's user; they are in no argument and no file of its.
set -eu
role=$1
shift
etc=${EDGESHOP_ETC:-/etc/edgeshop} user=${EDGESHOP_USER:-edgeshop}
set -a
. "$etc/$role.env"
EDGESHOP_ROLE=$role
EDGESHOP_STATE=${EDGESHOP_STATE:-/var/lib/edgeshop/$role}
EDGESHOP_VAULT_CREDENTIAL=$(cat "$etc/$role.vault")
EDGESHOP_SECRET_KEY=$(cat "$etc/$role.secret-key")
if [ -f "$etc/$role.pin" ]; then EDGESHOP_VAULT_PIN=$(cat "$etc/$role.pin"); fi
set +a
cd "$(dirname "$0")/.."
[ -d "$EDGESHOP_STATE" ] || install -d -o "$user" "$EDGESHOP_STATE"
exec runuser -u "$user" -- .venv/bin/python manage.py "$@"
