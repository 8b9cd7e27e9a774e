import type { PlanDocument } from '../lib/contract/plan-schema.ts';

type Phase = PlanDocument['phases'][number];
type Step = Phase['steps'][number];

/** How the tree is drawn; plain text when `paint` changes nothing. */
export interface TreeStyle {
  /** Shows how long each step waits; absent where trees are compared. */
  readonly nowMs?: number;
  readonly paint: (status: string, text: string) => string;
}

/**
 * A plan as the tree of the 2.x CLI, each waiting step with its reason beneath, and how the log ended.
 * Source: dcos-commons, cli/commands/plan.go.
 */
export function drawPlanTree(name: string, plan: PlanDocument, style: TreeStyle): string {
  const phases = plan.phases.flatMap((phase, index) =>
    branch(index === plan.phases.length - 1, phaseLines(phase, style)),
  );
  const errors = plan.errors.length === 0 ? [] : ['', 'Errors:', ...plan.errors.map((error) => `- ${error}`)];
  return [heading(name, plan, style), ...phases, ...errors].map((line) => line.trimEnd()).join('\n');
}

/** The first line belongs to the child itself, the others lie beneath it. */
function branch(isLast: boolean, [first = '', ...below]: readonly string[]): readonly string[] {
  return [`${isLast ? '└─' : '├─'} ${first}`, ...below.map((line) => `${isLast ? ' ' : '│'}  ${line}`)];
}

function phaseLines(phase: Phase, style: TreeStyle): readonly string[] {
  const steps = phase.steps.flatMap((step, index) => branch(index === phase.steps.length - 1, stepLines(step, style)));
  return [heading(phase.name, phase, style), ...steps];
}

function stepLines({ name, status, waiting, lastWords }: Step, { paint, nowMs }: TreeStyle): readonly string[] {
  const wait =
    waiting === undefined
      ? []
      : [`${waiting.sentence}${nowMs === undefined ? '' : elapsed(nowMs - Date.parse(waiting.since))}`];
  const below = [...wait, ...lastWordLines(lastWords)].map((text) => `   ${text}`);
  return [`${name} (${paint(status, status)})`, ...below];
}

function lastWordLines(words: Step['lastWords']): readonly string[] {
  if (words === undefined) return [];
  const id = words.taskArn.slice(words.taskArn.lastIndexOf('/') + 1);
  if (words.unread !== undefined) return [`the log of task ${id} could not be read: ${words.unread}`];
  return [`the log of task ${id} ends:`, ...words.lines.map((line) => `  ${line}`)];
}

/** Clocks differ: a wait that begins in the future has just begun. */
function elapsed(elapsedMs: number): string {
  return ` (for ${Math.max(0, Math.round(elapsedMs / 1000))} s)`;
}

function heading(name: string, { strategy, status }: PlanDocument | Phase, { paint }: TreeStyle): string {
  return `${name} (${strategy} strategy) (${paint(status, status)})`;
}
