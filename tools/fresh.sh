#!/bin/sh
# Does it start on a machine that has nothing? An empty home, an empty clone, and only Python 3.11, pip and git on PATH.
#   tools/fresh.sh [demo|test] [PYTHON]
# Prints how long it took. What was installed is thrown away at the end.
set -eu
task=${1:-demo}
# The interpreter itself, not a shim of a version manager that needs its own home.
python=$("${2:-python3}" -c 'import sys; print(sys.executable)')
here=$(cd "$(dirname "$0")/.." && pwd)
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
mkdir "$empty/home" "$empty/bin"
ln -s "$python" "$empty/bin/python3"
for name in git sh env uname ldd; do
  if found=$(command -v "$name"); then ln -s "$found" "$empty/bin/$name"; fi
done
git clone --quiet "$here" "$empty/bongsu"
cd "$empty/bongsu"
# How the machine reaches its package index (a mirror, a proxy, certificates) is the machine's business and is kept.
set -- env -i PATH="$empty/bin" HOME="$empty/home" LANG=C.UTF-8
for name in PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_CONFIG_FILE PIP_CERT UV_INDEX_URL UV_DEFAULT_INDEX UV_INDEX \
  UV_CONFIG_FILE SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy; do
  value=$(printenv "$name" || true)
  if [ -n "$value" ]; then set -- "$@" "$name=$value"; fi
done
if [ -z "${PIP_CONFIG_FILE:-}" ] && [ -f "$HOME/.config/pip/pip.conf" ]; then set -- "$@" "PIP_CONFIG_FILE=$HOME/.config/pip/pip.conf"; fi
if [ -z "${UV_CONFIG_FILE:-}" ] && [ -f "$HOME/.config/uv/uv.toml" ]; then set -- "$@" "UV_CONFIG_FILE=$HOME/.config/uv/uv.toml"; fi
began=$(date +%s)
case $task in
  demo) "$@" python3 tools/bootstrap.py demo --no-stay --port 0 ;;
  test) "$@" python3 tools/bootstrap.py test ;;
  *) echo "usage: tools/fresh.sh [demo|test] [PYTHON]" >&2; exit 2 ;;
esac
echo "fresh $task: $(($(date +%s) - began)) s with $("$python" --version)"
