#!/bin/bash
# kafka-server-start.sh server.properties [--override property=value]*
if [ $# -lt 1 ]; then
  echo "USAGE: $0 server.properties [--override property=value]*" >&2
  exit 1
fi
folder=${BASH_SOURCE%/*}
if [ "$1" = -daemon ]; then
  echo 'kafka-server-start.sh: -daemon is not done in the local image; a container runs in the foreground' >&2
  exit 64
fi
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xmx1G -Xms1G}
export KAFKA_LOG4J_OPTS=${KAFKA_LOG4J_OPTS:-$(cat "$folder/../config/log4j-option")$folder/../config/$(cat "$folder/../config/log4j-server")}
exec "$folder/kafka-run-class.sh" kafka.Kafka "$@"
