#!/bin/bash
# The first process of a container: runs the program, hands SIGTERM on to it, keeps its exit code in a file
# that outlives the agent, and then takes down whatever the program left in its process group.
# Usage: container.sh <folder of the container> <program> [argument...]
folder=$1
shift

# Only one process may ever run this container; a restarted agent that gave up on this one holds the claim.
(set -o noclobber && : > "$folder/claim") 2> /dev/null || exit 0

main=
interrupted=
trap 'interrupted=1; [ -n "$main" ] && kill -TERM "$main" 2> /dev/null' TERM

"$@" < /dev/null &
main=$!
printf '%s %s\n' "$$" "$main" > "$folder/pids.new" && mv "$folder/pids.new" "$folder/pids"

# A trapped signal ends `wait` early with a code that is not the program's.
while :; do
  interrupted=
  wait "$main"
  code=$?
  [ -z "$interrupted" ] && break
done

printf '%s' "$code" > "$folder/exit.new" && mv "$folder/exit.new" "$folder/exit"
kill -KILL -- "-$$"
