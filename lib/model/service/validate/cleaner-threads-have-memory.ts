import { optionNameOf } from '../../kafka/property-name.ts';
import { pointerOf } from '../../refusal.ts';
import type { OptionRule } from './option-rule.ts';

const buffer = 'log.cleaner.dedupe.buffer.size';
const threads = 'log.cleaner.threads';
const leastBytesPerThread = 1024 * 1024;

/** Kafka ends its start unless each thread of the log cleaner has more than 1 MiB of the buffer. */
export const cleanerThreadsHaveMemory: OptionRule = (options, definitions) => {
  const numberOf = (name: string): number =>
    Number(options.kafka[optionNameOf(name)] ?? definitions.get(name)?.default);
  if (Math.floor(numberOf(buffer) / numberOf(threads)) > leastBytesPerThread) return [];
  const given = options.kafka[optionNameOf(buffer)] === undefined ? threads : buffer;
  return [
    {
      reads: [buffer, threads].map((name) => pointerOf('kafka', optionNameOf(name))),
      refusal: {
        pointer: pointerOf('kafka', optionNameOf(given)),
        value: numberOf(given),
        message: `${buffer} (${numberOf(buffer)}) must be more than ${leastBytesPerThread} bytes for each of ${threads} (${numberOf(threads)})`,
        allowed: `more than ${leastBytesPerThread} bytes for each thread`,
        hint: `raise ${buffer} or lower ${threads}`,
      },
    },
  ];
};
