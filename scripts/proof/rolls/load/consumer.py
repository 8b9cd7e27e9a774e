"""Reads all partitions of a topic from their beginning by librdkafka, and writes down each record's id.

Its last argument says how long: `follow` until SIGTERM, `to-end` until the ends that the partitions have when it begins.
Lines on stdout: `r <id> <partition> <offset> <ms>`. Lines on stderr: what Kafka says of a partition that it does not read.
"""

import signal
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

bootstrap, topic, partitions, until = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
running = True


def stop(*_):
    global running
    running = False


def complain(error):
    # That a broker cannot be reached is said here too, and is what a roll is about.
    if error.fatal():
        sys.stderr.write(f"{error}\n")


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
        "error_cb": complain,
        # Its log tells of each connection that a stopping broker closes.
        "log_level": 2,
    }
)
numbers = range(partitions)
ends = {}
if until == "to-end":
    ends = {number: consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=60)[1] for number in numbers}
consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in numbers])
# A partition that nothing was written to has no last record.
missing = {number for number, end in ends.items() if end > 0}
while running and (until == "follow" or missing):
    for message in consumer.consume(500, 0.2):
        if message.error() is not None:
            sys.stderr.write(f"{message.error()}\n")
            continue
        record_id = message.value().split(b" ", 1)[0].decode()
        ms = time.time_ns() / 1_000_000
        sys.stdout.write(f"r {record_id} {message.partition()} {message.offset()} {ms:.1f}\n")
        if message.offset() + 1 >= ends.get(message.partition(), 0):
            missing.discard(message.partition())
    sys.stdout.flush()
consumer.close()
