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

async function offer(producer: Producer, number: number): Promise<void> {
  const id = `j-${number}`;
  const partition = number % Number(partitions);
  const sentMs = nowMs();
  const line = (kind: string) => `${kind} ${id} ${partition} ${sentMs.toFixed(1)} ${nowMs().toFixed(1)}`;
  for (;;) {
    try {
      await producer.send({ topic, acks: -1, messages: [{ partition, value: `${id} ${padding}` }] });
      // An answer after the limit is none.
      write(nowMs() - sentMs <= giveUpAfterMs ? line('a') : `${line('f')} late`);
      return;
    } catch (error) {
      if (nowMs() - sentMs > giveUpAfterMs) {
        write(`${line('f')} ${error instanceof Error ? error.name : String(error)}`);
        return;
      }
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
  const kafka = new Kafka({ clientId: 'rolls', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING });
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
}

await main();
