"""Reads all partitions of a topic from their beginning by librdkafka until SIGTERM, and writes down each record's id.

Lines on stdout: `r <id> <partition> <offset> <ms>`.
"""

import signal
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

bootstrap, topic, partitions = sys.argv[1], sys.argv[2], int(sys.argv[3])
running = True


def stop(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, signal.SIG_IGN)
consumer = Consumer(
    {
        "bootstrap.servers": bootstrap,
        # Assigned by hand: no group decides which records are read.
        "group.id": "verifier",
        "enable.auto.commit": False,
        # A position that Kafka says is out of range must be heard of, never skipped.
        "auto.offset.reset": "error",
    }
)
consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in range(partitions)])
while running:
    for message in consumer.consume(500, 0.2):
        if message.error() is not None:
            sys.stderr.write(f"{message.error()}\n")
            continue
        record_id = message.value().split(b" ", 1)[0].decode()
        ms = time.time_ns() / 1_000_000
        sys.stdout.write(f"r {record_id} {message.partition()} {message.offset()} {ms:.1f}\n")
    sys.stdout.flush()
consumer.close()
