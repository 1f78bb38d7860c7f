#!/bin/sh
# Put a copy back. Stop the daemon first: this refuses while it runs.
#   restore.sh COPY DATABASE
# What was sent stays sent: the copy knows what was told until it was made. What was told after that is told once more,
# unless a bot token lets the channel be asked first, so take the newest copy.
set -eu
umask 077
copy=${1:?usage: restore.sh COPY DATABASE}
database=${2:?usage: restore.sh COPY DATABASE}
bongsu=${BONGSU:-bongsu}
[ -f "$copy" ] || { echo "$copy: there is no such file" >&2; exit 2; }
# Opened by the program itself: damage and a newer version's tables are refused before anything is replaced.
BONGSU__STORE__URL="sqlite+aiosqlite:///$copy" "$bongsu" search 가나 --limit 1 >/dev/null
if [ -f "$database" ]; then
  # `db upgrade` takes the daemon's lock: exit 7 when it runs. A damaged file (6) may be replaced.
  status=0
  BONGSU__STORE__URL="sqlite+aiosqlite:///$database" "$bongsu" db upgrade >/dev/null 2>&1 || status=$?
  [ "$status" -ne 7 ] || { echo "the daemon runs; stop it first" >&2; exit 7; }
  aside="$database.before-restore-$(date -u +%Y%m%dT%H%M%SZ)"
  mv -- "$database" "$aside"
  for part in wal shm; do if [ -f "$database-$part" ]; then mv -- "$database-$part" "$aside-$part"; fi; done
  echo "the old database is kept: $aside"
fi
cp -- "$copy" "$database.part"
chmod 600 "$database.part"
mv -- "$database.part" "$database"
echo "restored: $database"
