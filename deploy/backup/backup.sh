#!/bin/sh
# One consistent copy of the SQLite database, checked, while the daemon goes on; the last KEEP copies stay.
#   backup.sh FOLDER
# BONGSU: the command (default bongsu). BONGSU_CONFIG and BONGSU__STORE__URL say which database, as for every command.
# On PostgreSQL use pg_dump --format=custom.
set -eu
umask 077
folder=${1:?usage: backup.sh FOLDER}
keep=${KEEP:-14}
bongsu=${BONGSU:-bongsu}
mkdir -p "$folder"
copy="$folder/bongsu-$(date -u +%Y%m%dT%H%M%SZ).db"
"$bongsu" backup "$copy" >/dev/null
# A copy that cannot be opened is no copy: look into it with the program that will have to.
BONGSU__STORE__URL="sqlite+aiosqlite:///$copy" "$bongsu" search 가나 --limit 1 >/dev/null
ls -1t "$folder"/bongsu-*.db | tail -n +"$((keep + 1))" | while IFS= read -r old; do rm -f -- "$old"; done
echo "$copy"
