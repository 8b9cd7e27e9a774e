import { join } from 'node:path';
import { root } from '../launch/folders.ts';
import { chapters } from './rolls/chapters/chapters.ts';
import { parseRollsArguments } from './rolls/rolls-arguments.ts';
import { runProof } from './rolls/run-proof.ts';

/**
 * Updates a service of three brokers and three controllers on a local cloud, under the load of two producers and a
 * verifying consumer, chapter by chapter. Prints for each what was acknowledged, read, lost and started; in the end a
 * fresh consumer reads all of it once more. Ends with 1 when a claim does not hold.
 * Usage: npm run prove:rolls -- [--only roll,stage] [--minutes 10]
 */
const parsed = parseRollsArguments(process.argv.slice(2), {
  chapters: chapters.map(({ name }) => name),
  report: join(root, '.warden', 'proof-rolls'),
  defaults: { port: '22700', addresses: '127.74' },
  hasMinutes: true,
});
if (parsed.type === 'refused') {
  process.stderr.write(`${parsed.message}\n`);
  process.exit(2);
}
process.exit(await runProof('rolls', parsed.arguments, { chapters, options: {} }));
