import type { Line, Operation } from './route.ts';

interface Command {
  /** Its last part of the path. */
  readonly name: string;
  /** As it is in the 2.x guides. */
  readonly ofPlan: Operation;
  /** As it is in the 1.x guides, which know no start and no stop. */
  readonly ofBlocks?: Operation;
  readonly summary: string;
  readonly description: string;
}

const commands: readonly Command[] = [
  {
    name: 'start',
    ofPlan: 'startPlan',
    summary: 'Start a plan, or apply a preview',
    description:
      'A complete plan is walked again from its first step. The id of a preview makes it the plan of the service: 202 with its Location, or 409 when the service was changed since. Plans take no parameters: the body is `{}` or none.',
  },
  {
    name: 'stop',
    ofPlan: 'stopPlan',
    summary: 'Stop a plan',
    description: 'Interrupts it and sets its steps back: once it goes on, it begins again. A step at work is finished.',
  },
  {
    name: 'continue',
    ofPlan: 'continuePlan',
    ofBlocks: 'continueBlocks',
    summary: 'Go on',
    description: 'Takes an interruption back, or passes the decision point that a canary strategy waits at.',
  },
  {
    name: 'interrupt',
    ofPlan: 'interruptPlan',
    ofBlocks: 'interruptBlocks',
    summary: 'Begin no further step',
    description: 'A step at work is finished.',
  },
  {
    name: 'forceComplete',
    ofPlan: 'forceCompletePlan',
    ofBlocks: 'forceCompleteBlocks',
    summary: 'Count a step, a phase or the plan as complete',
    description: 'Whatever became of it: the plan goes on with what comes after it.',
  },
  {
    name: 'restart',
    ofPlan: 'restartPlan',
    ofBlocks: 'restartBlocks',
    summary: 'Do a step, a phase or the plan again',
    description: 'Each of its nodes is restarted, one after another, under the rules of every roll.',
  },
];

/** The clients of the guides send either. */
const methods = ['POST', 'PUT'] as const;

const already = '208 when it is so already.';

/** The commands on plans, below `/service/{name}/v1` and `/v1`. */
export const commandLines: readonly Line[] = methods.flatMap((method): readonly Line[] => {
  const line = (operation: Operation, rest: Pick<Line, 'path' | 'summary' | 'description'>): Line => ({
    ...{ method, group: 'aws', operation, ...rest },
    ...(method === 'PUT' ? { operationId: `${operation}ByPut` } : {}),
  });
  return [
    ...commands.map(({ name, ofPlan, summary, description }) =>
      line(ofPlan, { path: `/plans/{plan}/${name}`, summary, description: `${description} ${already}` }),
    ),
    ...commands.flatMap(({ name, ofBlocks, summary, description }) =>
      ofBlocks === undefined
        ? []
        : line(ofBlocks, {
            path: `/plan/${name}`,
            summary: `${summary}, in the form of the 1.x guides`,
            description: `On the deploy plan. ${description} ${already}`,
          }),
    ),
    line('commandBlocks', {
      path: '/plan',
      summary: 'A command on the deploy plan, in the form of the 1.x guides',
      description: `\`cmd\` is continue, interrupt, forceComplete or restart. ${already}`,
    }),
  ];
});
