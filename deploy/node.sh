#!/bin/sh
# Find Node for the build: the system's when Vite can use it (^20.19 or >= 22.12), else the PyPI wheel's in our venv ($1).
set -eu
fits() { node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit((a===20&&b>=19)||(a===22&&b>=12)||a>22?0:1)' 2>/dev/null; }
if fits && npm --version >/dev/null 2>&1; then exit 0; fi
echo "No Node 20.19+ or 22.12+ here: installing it from the Python package index"
"$1/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock
fits || { echo "Node still does not run. Install Node 22 and try again." >&2; exit 1; }
