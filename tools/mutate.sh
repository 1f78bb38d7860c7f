#!/bin/sh
# How many mistakes put into a file do its tests find?
#   tools/mutate.sh FILE TEST_FILE...
# Uses cosmic-ray from an environment of its own ($COSMIC_RAY, default: cosmic-ray on PATH). Every mutant is one run of the
# tests, so this takes minutes a file and is no part of CI. MUTATE_SECONDS ends it early; then a random sample was tried.
# The checkout is copied: nothing in it is changed.
set -eu
[ $# -ge 2 ] || { echo "usage: tools/mutate.sh FILE TEST_FILE..." >&2; exit 2; }
file=$1
shift
here=$(cd "$(dirname "$0")/.." && pwd)
ray=${COSMIC_RAY:-cosmic-ray}
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
(cd "$here" && git ls-files -z | xargs -0 tar cf - --ignore-failed-read 2>/dev/null) | tar xf - -C "$copy"
cd "$copy"
cat > mutate.toml <<TOML
[cosmic-ray]
module-path = "$file"
timeout = 60.0
excluded-modules = []
test-command = "$here/.venv/bin/python -m pytest -q -x -p no:randomly -p no:xdist $* $file"
[cosmic-ray.distributor]
name = "local"
TOML
PYTHONPATH="$copy" "$ray" init mutate.toml mutate.sqlite >/dev/null
# Mutants in a random order, so that what MUTATE_SECONDS leaves time for is a sample of all.
python3 - mutate.sqlite <<'PY'
import sqlite3
import sys

with sqlite3.connect(sys.argv[1]) as link:
    for table in ("work_items", "mutation_specs"):
        link.execute(f"CREATE TEMP TABLE shuffled AS SELECT * FROM {table} ORDER BY random()")
        link.execute(f"DELETE FROM {table}")
        link.execute(f"INSERT INTO {table} SELECT * FROM shuffled")
        link.execute("DROP TABLE shuffled")
PY
PYTHONPATH="$copy" timeout "${MUTATE_SECONDS:-86400}" "$ray" --verbosity=ERROR exec mutate.toml mutate.sqlite || true
python3 - mutate.sqlite <<'PY'
import sqlite3
import sys

link = sqlite3.connect(sys.argv[1])
counts = dict(link.execute("SELECT test_outcome, count(*) FROM work_results GROUP BY test_outcome"))
killed, alive = counts.get("KILLED", 0), counts.get("SURVIVED", 0)
print(f"killed {killed} of {killed + alive}: {100 * killed / max(killed + alive, 1):.1f} %   {counts}")
query = """SELECT m.start_pos_row, m.operator_name FROM mutation_specs m JOIN work_results r USING (job_id)
           WHERE r.test_outcome = 'SURVIVED' ORDER BY 1"""
for line, operator in link.execute(query):
    print(f"  survived: line {line} {operator}")
PY
