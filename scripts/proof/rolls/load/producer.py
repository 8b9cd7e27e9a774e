"""Offers records at a steady rate by librdkafka until SIGTERM, and writes down what became of each.

Lines on stdout: `a <id> <partition> <sent ms> <acknowledged ms>` for an acknowledged record, `f <id> <partition>
<sent ms> <given up ms> <error>` for one that was not acknowledged within 30 s, and every 250 ms
`h <ms> <records offered so far>`. Ids are `<client>-<number>`, counted from 0; record n goes to partition n mod partitions.
"""

import signal
import sys
import time

from confluent_kafka import Producer

bootstrap, topic, partitions, rate, client = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
running = True


def stop(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, signal.SIG_IGN)
producer = Producer(
    {
        "bootstrap.servers": bootstrap,
        "acks": "all",
        # Failed = not acknowledged within 30 s.
        "message.timeout.ms": 30000,
        # Kafka answers the requests of a connection in order. What a busy broker has not taken yet must gather into few
        # large requests: a queue of small ones never drains, and its records fail though the partition takes writes.
        "max.in.flight.requests.per.connection": 5,
        "linger.ms": 20,
        "queue.buffering.max.messages": 200000,
    }
)
padding = "x" * 200


def now_ms():
    return time.time_ns() / 1_000_000


def write(line):
    sys.stdout.write(line + "\n")


def offer(number):
    record_id, partition, sent = f"{client}-{number}", number % partitions, now_ms()

    def on_delivery(error, _message):
        if error is None:
            write(f"a {record_id} {partition} {sent:.1f} {now_ms():.1f}")
        else:
            write(f"f {record_id} {partition} {sent:.1f} {now_ms():.1f} {error.name()}")

    producer.produce(topic, f"{record_id} {padding}", partition=partition, on_delivery=on_delivery)


offered = 0
started = time.monotonic()
next_beat = started
while running:
    due = int((time.monotonic() - started) * rate)
    while offered < due:
        try:
            offer(offered)
            offered += 1
        except BufferError:
            # The queue is full: the same record is offered again after the next poll.
            break
    producer.poll(0.005)
    if time.monotonic() >= next_beat:
        write(f"h {now_ms():.1f} {offered}")
        sys.stdout.flush()
        next_beat += 0.25
producer.flush(35)
write(f"h {now_ms():.1f} {offered}")
sys.stdout.flush()
