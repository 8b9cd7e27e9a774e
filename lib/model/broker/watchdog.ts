/**
 * Exit code of a container whose node was ended because it failed its health checks: neither 143, a stop that somebody
 * asked for, nor 137, a kill by the kernel or by ECS. Source: sysexits.h, EX_UNAVAILABLE.
 */
const failedHealthChecksExitCode = 69;

/**
 * The part of a node's start command that runs the server and asks it every now and then whether it still answers. The
 * environment gives WARDEN_HEALTH_CHECK (`delay=15 interval=10 timeout=20 grace=10 limit=3`, in seconds but for the limit)
 * and WARDEN_HEALTH_CHECK_AT (its listeners, `10.0.0.1:9092`, with blanks between).
 *
 * - A check is a request for the API versions, over bash's own sockets, to each listener: the kernel accepts connections
 *   for a process that hangs, but only Kafka's request handlers answer. 18 is ApiVersions, its version 0 is known to all
 *   versions of Kafka, WARD is the correlation id that the answer begins with. Source: Kafka protocol guide.
 * - Failures count after the first success of this start, since recovering a log may take hours, and after delay and grace
 *   by a clock that nobody sets. Checks follow one another, so that a machine that slept has one late check, not many.
 * - Whatever may block, a connect too, is a helper process, and the watchdog waits in nothing but `wait`, which a signal
 *   ends at once: helpers never outlive their check or the watchdog. It is there before the server, so that its jobs are
 *   its helpers and nothing else.
 * - The watchdog decides, the first process acts: it alone knows whether it was told to stop. It ends the server by its
 *   job, since a pid may be another process by then, with SIGKILL, since a stopped process obeys nothing else. The traps
 *   are set after the server is started: a SIGTERM before ends the container, and a server that has not begun.
 * - A trapped signal ends a `wait` with a code that is not the server's: its own, which bash keeps, is asked for once more
 *   when no signal can come between.
 * - bash tells of each process that is killed; only what say() says is for the log, which is descriptor 4.
 * - Should the watchdog end by itself, or by an operator's hand, the server goes on and the log says that nobody asks.
 */
export const runWatched = `exec 4>&2
say() { echo "warden: $*" >&4; }
now() { read -r up _ < /proc/uptime; echo "\${up%%.*}"; }
answers() {
  printf '\\0\\0\\0\\35\\0\\22\\0\\0WARD\\0\\23warden-health-check' >&3 || return 1
  while IFS= LC_ALL=C read -r -d '' part <&3; do
    case $part in *WARD*) return 0 ;; esac
  done
  return 1
}
ask() {
  for at in $WARDEN_HEALTH_CHECK_AT; do answers 3<> "/dev/tcp/\${at%:*}/\${at##*:}" || return 1; done
}
pause() {
  sleep "$1" &
  wait "$!"
}
check() {
  failure=
  ask &
  asker=$!
  sleep "$timeout" &
  timer=$!
  wait -n "$asker" "$timer"
  kill -KILL "$asker" "$timer"
  wait "$asker"
  case $? in
    0) ;;
    137) failure="no answer within $timeout s" ;;
    *) failure="no connection, or one that ended without an answer" ;;
  esac
  wait "$timer"
}
count() {
  if [ "$(now)" -lt "$counts_from" ]; then
    say "health check failed: $failure; it does not count within the grace period"
    return
  fi
  failures=$((failures + 1))
  say "health check $failures of $limit failed: $failure"
  if [ "$failures" -ge "$limit" ]; then
    kill -USR1 "$$"
    exit
  fi
}
watch() {
  set +e
  trap 'kill -KILL $(jobs -p); exit' TERM
  declare $WARDEN_HEALTH_CHECK
  answered= failures=0 counts_from=$(($(now) + delay + grace))
  pause "$delay"
  while :; do
    check
    if [ -z "$failure" ]; then
      if [ "$failures" -gt 0 ]; then say "health check succeeded, $failures failed before"; fi
      answered=yes failures=0
    elif [ -n "$answered" ]; then
      count
    fi
    pause "$interval"
  done
}
stop() {
  stopping=yes
  kill -TERM '%?kafka-server-start' $watchdog || true
}
end_hung() {
  if [ -n "$stopping" ]; then return 0; fi
  hung=yes
  say "the node does not answer any more: it is ended with SIGKILL, exit code ${failedHealthChecksExitCode}"
  kill -KILL '%?kafka-server-start' || true
}
stopping= hung=
watch 2> /dev/null &
watchdog=$!
/opt/kafka/bin/kafka-server-start.sh "$properties" 4>&- &
java=$!
exec 2> /dev/null
trap stop TERM
trap end_hung USR1
wait -n "$java" "$watchdog" || true
if [ -z "$stopping$hung" ] && ! kill -0 "$watchdog"; then
  say "the health checks have ended by themselves: this node runs without them until its next start"
  watchdog=
fi
while kill -0 "$java"; do wait "$java" || true; done
trap '' TERM USR1
wait "$java" || true
code=0
wait "$java" || code=$?
kill -TERM $watchdog || true
if [ -n "$hung" ] && [ "$code" = 137 ]; then code=${failedHealthChecksExitCode}; fi
exit "$code"`;
