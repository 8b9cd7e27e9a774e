import { blocksCommandAnswerSchema, commandAnswerSchema } from '../lib/contract/command-schemas.ts';
import type { CommandContext } from './command-context.ts';
import { printData, printJson } from './terminal.ts';

/** The commands of operators, as the API spells them. */
export type Verb = 'interrupt' | 'continue' | 'restart' | 'forceComplete';

/** What a command is for. */
export interface PlanPart {
  /** Name or id, as are phase and step. */
  readonly plan: string;
  readonly phase?: string | undefined;
  readonly step?: string | undefined;
}

/** Sends a command and prints the sentence of the 2.x CLI. One that has no effect is an error. */
export async function steerPlan({ client, servicePath, terminal }: CommandContext, verb: Verb, part: PlanPart) {
  const { plan, phase, step } = part;
  const query = new URLSearchParams({
    ...(phase === undefined ? {} : { phase }),
    ...(step === undefined ? {} : { step }),
  }).toString();
  const path = servicePath(`/plans/${encodeURIComponent(plan)}/${verb}${query === '' ? '' : `?${query}`}`);
  await client.call({ method: 'POST', path, accepts: [200], schema: commandAnswerSchema });
  printData(terminal, steeringSentence(verb, part));
}

/** The 1.x form: for the deploy plan, with the answer of the API as it is. */
export async function steerBlocks({ client, servicePath, terminal }: CommandContext, verb: Verb): Promise<void> {
  const path = servicePath(`/plan/${verb}`);
  const { value } = await client.call({ method: 'POST', path, accepts: [200], schema: blocksCommandAnswerSchema });
  printJson(terminal, value);
}

const participles: Readonly<Record<Verb, string>> = {
  interrupt: 'paused',
  continue: 'resumed',
  restart: 'restarted',
  forceComplete: 'forced to complete',
};

/**
 * What a command has done.
 * Source: dcos-commons, cli/queries/plan.go.
 */
function steeringSentence(verb: Verb, { plan, phase, step }: PlanPart): string {
  return `"${plan}" plan${partOfPlan(phase, step)} has been ${participles[verb]}.`;
}

function partOfPlan(phase: string | undefined, step: string | undefined): string {
  if (phase === undefined) return '';
  return step === undefined ? `: phase "${phase}"` : `: step "${step}" in phase "${phase}"`;
}
