#!/bin/sh
# What the tests need beyond Python and Node, from Debian when we may install it: Chromium, PostgreSQL's server, Caddy,
# a software HSM, an emulated TPM and the tools to set them up.
set -eu
policy=/usr/sbin/policy-rc.d
has() { for found in "$@"; do [ -e "$found" ] && return 0; done; return 1; }
want() { missing="$missing $1"; }

missing=""
command -v chromium >/dev/null 2>&1 || want chromium
command -v postgres >/dev/null 2>&1 || has /usr/lib/postgresql/*/bin/postgres || want postgresql
command -v caddy >/dev/null 2>&1 || want caddy
command -v softhsm2-util >/dev/null 2>&1 || want softhsm2
command -v swtpm >/dev/null 2>&1 || want swtpm
command -v tpm2_nvdefine >/dev/null 2>&1 || want tpm2-tools
command -v pkcs11-tool >/dev/null 2>&1 || want opensc
has /usr/lib/*/pkcs11/libtpm2_pkcs11.so* /usr/lib/pkcs11/libtpm2_pkcs11.so* || want libtpm2-pkcs11-1
has /usr/lib/*/libtss2-tcti-swtpm.so* || want libtss2-tcti-swtpm0
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing$missing"
  # A policy that says no keeps packages from starting services of their own.
  [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod 755 "$policy"; trap 'rm -f "$policy"' EXIT; }
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "The tests need$missing. Install them first, on Debian: sudo apt-get install$missing" >&2
  exit 1
fi
