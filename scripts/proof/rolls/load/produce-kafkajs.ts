import { Kafka, logLevel, type Producer } from 'kafkajs';

/**
 * Offers records by kafkajs until SIGTERM, in the lines of producer.py; ids are `j-<number>`.
 * One partition for each send: a send over several partitions loses acknowledged records when a leader moves
 * (tulios/kafkajs#1303). kafkajs gives up on a dead broker after some seconds, so a send is repeated here until 30 s are over.
 */
const [bootstrap = '', topic = '', partitions = '12', rate = '60'] = process.argv.slice(2);
const giveUpAfterMs = 30_000;
const tickMs = 25;
const beatMs = 250;
const padding = 'x'.repeat(200);

const nowMs = () => performance.timeOrigin + performance.now();
const write = (line: string) => process.stdout.write(`${line}\n`);
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** One line for each record, at the latest when its 30 s are over; what is answered later is none of it. */
async function offer(producer: Producer, number: number): Promise<void> {
  const id = `j-${number}`;
  const partition = number % Number(partitions);
  const sentMs = nowMs();
  const times = () => `${partition} ${sentMs.toFixed(1)} ${nowMs().toFixed(1)}`;
  const given = await Promise.race([
    send(producer, { partition, value: `${id} ${padding}` }, sentMs),
    pause(giveUpAfterMs).then(() => 'no answer'),
  ]);
  write(given === undefined ? `a ${id} ${times()}` : `f ${id} ${times()} ${given}`);
}

/** Undefined once it is acknowledged, or the name of the last error. */
async function send(
  producer: Producer,
  message: { readonly partition: number; readonly value: string },
  sentMs: number,
): Promise<string | undefined> {
  for (;;) {
    try {
      await producer.send({ topic, acks: -1, messages: [message] });
      return undefined;
    } catch (error) {
      if (nowMs() - sentMs > giveUpAfterMs) return error instanceof Error ? error.name : String(error);
      await pause(100);
    }
  }
}

async function main(): Promise<void> {
  let running = true;
  process.on('SIGTERM', () => {
    running = false;
  });
  process.on('SIGINT', () => {});
  const kafka = new Kafka({
    clientId: 'rolls',
    brokers: bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    requestTimeout: 10_000,
  });
  const producer = kafka.producer({ retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 8 } });
  await producer.connect();
  const inFlight = new Set<Promise<void>>();
  const startedAt = performance.now();
  let offered = 0;
  let nextBeat = startedAt;
  while (running) {
    for (const due = ((performance.now() - startedAt) / 1000) * Number(rate); offered < due; offered++) {
      const sending = offer(producer, offered).finally(() => inFlight.delete(sending));
      inFlight.add(sending);
    }
    if (performance.now() >= nextBeat) {
      write(`h ${nowMs().toFixed(1)} ${offered}`);
      nextBeat += beatMs;
    }
    await pause(tickMs);
  }
  await Promise.all(inFlight);
  write(`h ${nowMs().toFixed(1)} ${offered}`);
  await producer.disconnect();
  // Timers of records that were answered in time are still set.
  process.exit(0);
}

await main();
