import { Kafka, logLevel, type Producer } from 'kafkajs';

/**
 * Offers records by kafkajs until SIGTERM, in the lines of producer.py.
 * One partition for each send: a send over several partitions loses acknowledged records when a leader moves
 * (tulios/kafkajs#1303). What is offered while a partition's send is under way goes with its next one, since Kafka
 * answers the requests of a connection one after the other. kafkajs gives up on a dead broker after some seconds, so a
 * send is repeated here until a record's 30 s are over.
 */
const [bootstrap = '', topic = '', partitions = '12', rate = '60', client = 'j'] = process.argv.slice(2);
const giveUpAfterMs = 30_000;
const tickMs = 25;
const beatMs = 250;
const padding = 'x'.repeat(200);

interface Offered {
  readonly id: string;
  readonly partition: number;
  readonly sentMs: number;
}

/** Records without an answer, oldest first. */
const open = new Map<string, Offered>();
const waiting = Array.from({ length: Number(partitions) }, (): Offered[] => []);
const isSending = waiting.map(() => false);

const nowMs = () => performance.timeOrigin + performance.now();
const write = (line: string) => process.stdout.write(`${line}\n`);
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A record has one answer: the first. */
function answer(kind: 'a' | 'f', { id, partition, sentMs }: Offered, detail = ''): void {
  if (open.delete(id)) write(`${kind} ${id} ${partition} ${sentMs.toFixed(1)} ${nowMs().toFixed(1)}${detail}`);
}

function offer(producer: Producer, number: number): void {
  const partition = number % waiting.length;
  const record = { id: `${client}-${number}`, partition, sentMs: nowMs() };
  open.set(record.id, record);
  waiting[partition]?.push(record);
  void send(producer, partition);
}

/** Sends what waits of a partition until nothing does. */
async function send(producer: Producer, partition: number): Promise<void> {
  if (isSending[partition] === true) return;
  isSending[partition] = true;
  for (;;) {
    const records = (waiting[partition]?.splice(0) ?? []).filter(({ id }) => open.has(id));
    if (records.length === 0) break;
    try {
      const messages = records.map(({ id }) => ({ partition, value: `${id} ${padding}` }));
      await producer.send({ topic, acks: -1, messages });
      for (const record of records) answer('a', record);
    } catch {
      waiting[partition]?.unshift(...records);
      await pause(100);
    }
  }
  isSending[partition] = false;
}

/** What Kafka says of them later is no answer. */
function giveUp(): void {
  for (const record of open.values()) {
    if (nowMs() - record.sentMs <= giveUpAfterMs) return;
    answer('f', record, ' no-answer');
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
  const startedAt = performance.now();
  let offered = 0;
  let nextBeat = startedAt;
  while (running || open.size > 0) {
    const due = running ? ((performance.now() - startedAt) / 1000) * Number(rate) : offered;
    for (; offered < due; offered++) offer(producer, offered);
    if (performance.now() >= nextBeat) {
      giveUp();
      write(`h ${nowMs().toFixed(1)} ${offered}`);
      nextBeat += beatMs;
    }
    await pause(tickMs);
  }
  write(`h ${nowMs().toFixed(1)} ${offered}`);
  // A send that nobody waits for any more must not hold the process.
  process.exit(0);
}

await main();
