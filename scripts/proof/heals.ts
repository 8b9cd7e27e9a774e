import { join } from 'node:path';
import { root } from '../launch/folders.ts';
import { chapters } from './heals/chapters/chapters.ts';
import { parseRollsArguments } from './rolls/rolls-arguments.ts';
import { runProof } from './rolls/run-proof.ts';

/**
 * Ends, holds and confuses what a service of three brokers and three controllers is made of, under the load of two
 * producers and a verifying consumer, chapter by chapter: the service must come back by itself, or say what it needs from
 * a person. Ends with 1 when a claim does not hold. Usage: npm run prove:heals -- [--only kill-broker,hung]
 */
const parsed = parseRollsArguments(process.argv.slice(2), {
  chapters: chapters.map(({ name }) => name),
  report: join(root, '.warden', 'proof-heals'),
  defaults: { port: '22750', addresses: '127.76' },
  hasMinutes: false,
});
if (parsed.type === 'refused') {
  process.stderr.write(`${parsed.message}\n`);
  process.exit(2);
}

/** A hung node is found after 40 s to a minute, and a pause of 30 s is none. The guide's times are three times as long. */
const healthCheck = { health_check_delay_sec: 5, health_check_interval_sec: 5, health_check_timeout_sec: 10 };

process.exit(await runProof('heals', parsed.arguments, { chapters, options: { service: healthCheck } }));
