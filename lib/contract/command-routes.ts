import type { Line, Operation } from './route.ts';

interface Command {
  /** The last part of its path. */
  readonly name: string;
  /** As it is in the 2.x guides. */
  readonly ofPlan: Operation;
  /** As it is in the 1.x guides, which know no start and no stop. */
  readonly ofBlocks?: Operation;
}

const commands: readonly Command[] = [
  { name: 'start', ofPlan: 'startPlan' },
  { name: 'stop', ofPlan: 'stopPlan' },
  { name: 'continue', ofPlan: 'continuePlan', ofBlocks: 'continueBlocks' },
  { name: 'interrupt', ofPlan: 'interruptPlan', ofBlocks: 'interruptBlocks' },
  { name: 'forceComplete', ofPlan: 'forceCompletePlan', ofBlocks: 'forceCompleteBlocks' },
  { name: 'restart', ofPlan: 'restartPlan', ofBlocks: 'restartBlocks' },
];

/** The clients of the guides send either. */
const methods = ['POST', 'PUT'] as const;

/** The commands on plans, below `/service/{name}/v1` and `/v1`. */
export const commandLines: readonly Line[] = methods.flatMap((method): readonly Line[] => {
  const line = (operation: Operation, path: string): Line => ({
    ...{ method, path, group: 'commands', operation },
    ...(method === 'PUT' ? { operationId: `${operation}ByPut` } : {}),
  });
  return [
    ...commands.map(({ name, ofPlan }) => line(ofPlan, `/plans/{plan}/${name}`)),
    ...commands.flatMap(({ name, ofBlocks }) => (ofBlocks === undefined ? [] : [line(ofBlocks, `/plan/${name}`)])),
    line('commandBlocks', '/plan'),
  ];
});
