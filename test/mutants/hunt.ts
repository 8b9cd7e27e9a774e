import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { SimulatedStack } from '../simulation/cloud/stack.ts';
import type { Violation } from '../simulation/contract.ts';
import { kindsOfCalls, lives, runLife } from '../simulation/run/crash-points.ts';
import { runSeed } from '../simulation/run/run-seed.ts';

/**
 * Runs the simulation until it breaks a rule: a service's life in which one process dies at each kind of call, then
 * seeds 1 to N. Prints what became of it as one line of JSON. The second argument is a file for the synthesized stack,
 * which takes longer than many seeds.
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

function endIfBroken([first]: readonly Violation[], place: { readonly seed?: number; readonly crash?: string }): void {
  if (first === undefined) return;
  process.stdout.write(`${JSON.stringify({ noticed: true, ...place, rule: first.rule, story: first.story })}\n`);
  process.exit(1);
}

const stack = await stackOf(stackFile);
const known = new Set<string>();
for (const life of Object.values(lives)) {
  const undisturbed = await runLife(life, stack);
  endIfBroken(undisturbed.violations, { crash: 'no crash at all' });
  for (const { kind, calls } of kindsOfCalls(undisturbed.calls)) {
    if (known.has(kind)) continue;
    known.add(kind);
    for (const when of ['after', 'before'] as const) {
      const { violations } = await runLife(life, stack, { call: calls[0], when });
      endIfBroken(violations, { crash: `${when} ${kind}` });
    }
  }
}
for (let seed = 1; seed <= count; seed++) endIfBroken((await runSeed(String(seed), stack)).violations, { seed });
process.exit(0);
