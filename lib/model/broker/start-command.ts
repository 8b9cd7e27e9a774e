import { runWatched } from './watchdog.ts';

/** Where the node's volume is mounted; the image declares a VOLUME there. */
export const dataMountPath = '/var/lib/kafka/data';

/**
 * What a node's container runs. The environment gives
 * WARDEN_PROPERTIES (server.properties without log.dirs, gzipped, base64), WARDEN_CLUSTER_ID, WARDEN_NODE_ID and
 * WARDEN_FORMAT (`--standalone`, `--no-initial-controllers`, or `never`), and what its health checks are told, if there
 * are any. Without them the shell becomes the server.
 *
 * - log.dirs is a sub-directory: `lost+found` beside the topics would be fatal.
 * - A disk that was in use before and now has no meta.properties, or a foreign one, ends the task: data is never
 *   formatted away, and a wrong disk never serves.
 * - A node killed after it learnt the leader but before its first metadata append would crash-loop; it was never a
 *   voter yet, so its quorum-state may be forgotten. Source: shown on 3.9.2, 4.1.2 and 4.3.1.
 */
export const startCommand = `set -euo pipefail
if [ -z "\${WARDEN_PROPERTIES-}" ]; then
  echo "warden: started by hand: only Warden knows this node's configuration" >&2
  exit 78
fi
data=${dataMountPath}
logs=$data/kafka
properties=$data/server.properties
printf %s "$WARDEN_PROPERTIES" | base64 -d | gunzip > "$properties"
printf 'log.dirs=%s\\n' "$logs" >> "$properties"
meta=$logs/meta.properties
if [ -f "$meta" ]; then
  grep -qx "cluster.id=$WARDEN_CLUSTER_ID" "$meta" && grep -qx "node.id=$WARDEN_NODE_ID" "$meta" || {
    echo "warden: $meta belongs to another cluster or node, expected cluster.id=$WARDEN_CLUSTER_ID node.id=$WARDEN_NODE_ID" >&2
    exit 64
  }
elif [ "$WARDEN_FORMAT" = never ]; then
  echo "warden: $meta is missing, but this volume held the node's data before: it is not formatted again" >&2
  exit 65
else
  /opt/kafka/bin/kafka-storage.sh format --ignore-formatted -t "$WARDEN_CLUSTER_ID" -c "$properties" "$WARDEN_FORMAT"
fi
quorum=$logs/__cluster_metadata-0
first=$quorum/00000000000000000000.log
if [ -f "$quorum/quorum-state" ] && [ -f "$first" ] && [ ! -s "$first" ]; then rm "$quorum/quorum-state"; fi
if [ -z "\${WARDEN_HEALTH_CHECK-}" ]; then exec /opt/kafka/bin/kafka-server-start.sh "$properties"; fi
${runWatched}`;
