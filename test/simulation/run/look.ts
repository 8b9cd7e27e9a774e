import type { Invariant } from '../invariants/invariant.ts';
import type { World } from '../world.ts';

/** How often the rules look that cost more. */
const nowAndThenSteps = 500;

/** Lets the rules look after each step. */
export function watchSteps(world: World, invariants: readonly Invariant[]): void {
  let steps = 0;
  world.onStep(() => {
    check(world, invariants, 'afterStep');
    if (++steps % nowAndThenSteps === 0) check(world, invariants, 'nowAndThen');
  });
}

/** Notes the first rule that finds something wrong. */
export function check(
  world: World,
  invariants: readonly Invariant[],
  when: 'afterStep' | 'nowAndThen' | 'atRest',
): void {
  for (const invariant of invariants) {
    const wrong = invariant[when]?.();
    if (wrong !== undefined && world.violations.length === 0) {
      world.violations.push({ rule: invariant.rule, story: wrong });
    }
  }
}
