import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { SimulatedStack } from '../simulation/cloud/stack.ts';
import { runSeed } from '../simulation/run/run-seed.ts';

/**
 * Runs seeds 1 to N of the simulation until one breaks a rule; prints what became of it as one line of JSON.
 * The second argument is a file for the synthesized stack, which takes longer than many seeds.
 */
const [, , text, stackFile = ''] = process.argv;
const count = Number(text);
if (!Number.isInteger(count) || count < 1) throw new Error(`hunt ${text}: a number of seeds is expected`);

async function stackOf(file: string): Promise<SimulatedStack> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const { readStack } = await import('../simulation/cloud/stack.ts');
  const stack = readStack();
  writeFileSync(file, JSON.stringify(stack));
  return stack;
}

const stack = await stackOf(stackFile);
for (let seed = 1; seed <= count; seed++) {
  const { violations } = await runSeed(String(seed), stack);
  const [first] = violations;
  if (first !== undefined) {
    process.stdout.write(`${JSON.stringify({ seed, rule: first.rule, story: first.story })}\n`);
    process.exit(1);
  }
}
process.exit(0);
