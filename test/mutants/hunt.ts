import { readStack } from '../simulation/cloud/stack.ts';
import { runSeed } from '../simulation/run/run-seed.ts';

/** Runs seeds 1 to N of the simulation until one breaks a rule; prints what became of it as one line of JSON. */
const count = Number(process.argv[2]);
if (!Number.isInteger(count) || count < 1) throw new Error(`hunt ${process.argv[2]}: a number of seeds is expected`);

const stack = readStack();
for (let seed = 1; seed <= count; seed++) {
  const { violations } = await runSeed(String(seed), stack);
  const [first] = violations;
  if (first !== undefined) {
    process.stdout.write(`${JSON.stringify({ seed, rule: first.rule, story: first.story })}\n`);
    process.exit(1);
  }
}
process.exit(0);
