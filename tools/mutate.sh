#!/bin/sh
# How many mistakes put into a file do its tests find?
#   tools/mutate.sh FILE PYTEST_ARGUMENT...
# Uses cosmic-ray from an environment of its own ($COSMIC_RAY, default: cosmic-ray on PATH). Every mutant is one run of the
# tests, so this takes minutes a file and is no part of CI. MUTATE_SECONDS ends it early; then a random sample was tried.
# MUTATE_FUNCTIONS="a b" tries the mutants of these functions alone. Mutants of annotations are left out: they change
# nothing that runs. The checkout is copied: nothing in it is changed.
set -eu
[ $# -ge 2 ] || { echo "usage: tools/mutate.sh FILE PYTEST_ARGUMENT..." >&2; exit 2; }
file=$1
shift
here=$(cd "$(dirname "$0")/.." && pwd)
ray=${COSMIC_RAY:-cosmic-ray}
copy=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; rm -rf "$copy"' EXIT
(cd "$here" && git ls-files -z | xargs -0 tar cf - --ignore-failed-read 2>/dev/null) | tar xf - -C "$copy"
cd "$copy"
python="$here/.venv/bin/python"
cat > mutate.toml <<TOML
[cosmic-ray]
module-path = "$file"
timeout = 30.0
excluded-modules = []
test-command = "$python -I -S tools/forked_tests.py ask door"
[cosmic-ray.distributor]
name = "local"
TOML
PYTHONPATH="$copy" "$ray" init mutate.toml mutate.sqlite >/dev/null
python3 tools/mutants.py choose mutate.sqlite "$file" ${MUTATE_FUNCTIONS:-}
"$python" tools/forked_tests.py serve door "$@" "$file" &
server=$!
while [ ! -S door ]; do kill -0 $server; sleep 0.2; done
"$python" -I -S tools/forked_tests.py ask door || { echo "the tests fail without any mistake" >&2; exit 1; }
PYTHONPATH="$copy" timeout "${MUTATE_SECONDS:-86400}" "$ray" --verbosity=ERROR exec mutate.toml mutate.sqlite || true
python3 tools/mutants.py tell mutate.sqlite "$file"
