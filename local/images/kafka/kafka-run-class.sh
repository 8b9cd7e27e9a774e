#!/bin/bash
# Runs a class of Kafka with the flags of the official image. Honours KAFKA_HEAP_OPTS, KAFKA_JVM_PERFORMANCE_OPTS,
# KAFKA_OPTS, KAFKA_JMX_OPTS, JMX_PORT, KAFKA_LOG4J_OPTS, CLASSPATH and JAVA_HOME, as Kafka's own script does.
base_dir=$(cd "${BASH_SOURCE%/*}/.." && pwd -P)

[ -n "$JAVA_HOME" ] && JAVA=$JAVA_HOME/bin/java || JAVA=java
: "${KAFKA_HEAP_OPTS:=-Xmx256M}"
: "${KAFKA_JVM_PERFORMANCE_OPTS:=-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent -XX:MaxInlineLevel=15 -Djava.awt.headless=true}"
: "${KAFKA_JMX_OPTS:=-Dcom.sun.management.jmxremote -Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false}"
: "${KAFKA_LOG4J_OPTS:=$(cat "$base_dir/config/log4j-option")$base_dir/config/$(cat "$base_dir/config/log4j-tools")}"
[ -n "$JMX_PORT" ] && KAFKA_JMX_OPTS="$KAFKA_JMX_OPTS -Dcom.sun.management.jmxremote.port=$JMX_PORT"

while [ $# -gt 0 ]; do
  case $1 in
    -name | -loggc) [ "$1" = -name ] && shift; shift ;;
    -daemon) echo 'kafka-run-class.sh: -daemon is not done in the local image; a container runs in the foreground' >&2; exit 64 ;;
    *) break ;;
  esac
done

# The archive is valid only for the same class path, so the jars come in one fixed order.
libs=$(cat "$base_dir/config/class-path")
[ -n "$CLASSPATH" ] && class_path=$CLASSPATH:$libs || class_path=$libs
archive=
[ -z "$CLASSPATH" ] && [ -f "$base_dir/kafka.jsa" ] && archive="-XX:SharedArchiveFile=$base_dir/kafka.jsa -Xshare:auto"

# The options are lists of words by contract.
# shellcheck disable=SC2086
exec "$JAVA" $KAFKA_HEAP_OPTS $KAFKA_JVM_PERFORMANCE_OPTS $archive $KAFKA_JMX_OPTS $KAFKA_LOG4J_OPTS -cp "$class_path" $KAFKA_OPTS "$@"
