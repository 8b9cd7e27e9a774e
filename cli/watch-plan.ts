import { setTimeout as sleep } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import { type PlanDocument, planSchema } from '../lib/contract/plan-schema.ts';
import type { ApiClient } from './api-client.ts';
import { CommandError } from './command-error.ts';
import { exitCode } from './exit-code.ts';
import { statusPainter } from './paint-status.ts';
import { drawPlanTree } from './plan-tree.ts';
import { isLively, printNote, type Terminal } from './terminal.ts';

/** Which plan is watched, where it is drawn, and for how long. */
export interface Watch {
  readonly service: string;
  /** Name or id. */
  readonly plan: string;
  /** What the tree calls it. */
  readonly title: string;
  readonly stream: Terminal['stdout'];
  readonly timeoutMs: number;
}

const pollMs = 1000;

/** Reads a plan once. A plan with errors is an answer too. */
export async function readPlan(
  client: ApiClient,
  { service, plan }: { readonly service: string; readonly plan: string },
): Promise<{ readonly status: number; readonly value: PlanDocument }> {
  const path = `/service/${encodeURIComponent(service)}/v1/plans/${encodeURIComponent(plan)}`;
  return client.call({ method: 'GET', path, accepts: [200, 202, 417], schema: planSchema });
}

/**
 * Draws a plan again and again until its steps are through. It has failed when errors hinder them: that somebody's update
 * was refused meanwhile is shown and does not. One that takes another plan back is drawn to its end and has failed then:
 * what was asked for did not come to be. The plan itself goes on whatever becomes of the watching.
 */
export async function watchPlan(client: ApiClient, watch: Watch, terminal: Terminal): Promise<void> {
  const draw = drawingOn(watch.stream, terminal);
  const endsAt = Date.now() + watch.timeoutMs;
  let plan = await readPlan(client, watch);
  for (;;) {
    draw.show(watch.title, plan.value);
    const { status: withAllErrors, ownStatus: status = withAllErrors } = plan.value;
    if (status === 'COMPLETE') break;
    if (status === 'ERROR') throw planFailed(watch, plan.value);
    const leftMs = endsAt - Date.now();
    if (leftMs <= 0) throw timedOut(watch);
    await sleep(Math.min(pollMs, leftMs), undefined, { signal: terminal.interrupted });
    plan = await readAgain(client, watch, { terminal, last: plan });
  }
  draw.end();
  if (plan.value.takesBack !== undefined) throw tookBack(watch, plan.value.takesBack);
}

type PlanReading = Awaited<ReturnType<typeof readPlan>>;

/** An API that is away for a moment is no reason to give up waiting; the time limit is. */
async function readAgain(
  client: ApiClient,
  watch: Watch,
  { terminal, last }: { readonly terminal: Terminal; readonly last: PlanReading },
): Promise<PlanReading> {
  try {
    return await readPlan(client, watch);
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== exitCode.unreachable) throw error;
    printNote(terminal, `${error.message} Trying again`);
    return last;
  }
}

interface Drawing {
  readonly show: (title: string, plan: PlanDocument) => void;
  readonly end: () => void;
}

function drawingOn(stream: Watch['stream'], terminal: Terminal): Drawing {
  if (!isLively(terminal, stream)) return plainDrawing(stream);
  const update = createLogUpdate(stream as NodeJS.WritableStream);
  const paint = statusPainter(true);
  return {
    show: (title, plan) => update(drawPlanTree(title, plan, { nowMs: Date.now(), paint })),
    end: () => update.done(),
  };
}

/** A stream that cannot be redrawn gets the tree anew when it has changed. */
function plainDrawing(stream: Watch['stream']): Drawing {
  let last = '';
  return {
    show: (title, plan) => {
      const tree = drawPlanTree(title, plan, { paint: statusPainter(false) });
      if (tree !== last) stream.write(`${tree}\n\n`);
      last = tree;
    },
    end: () => undefined,
  };
}

function planFailed({ service, title }: Watch, { errors: all, refusedUpdate }: PlanDocument): CommandError {
  const errors = all.filter((error) => refusedUpdate?.errors.includes(error) !== true);
  return new CommandError(`Plan ${title} of ${service} has errors: ${errors.join('; ')}`, {
    exitCode: exitCode.failed,
    hint: `See it with \`warden plan status ${title} --name=${service}\``,
  });
}

function tookBack({ service, title }: Watch, { planId, reason }: NonNullable<PlanDocument['takesBack']>): CommandError {
  return new CommandError(`Plan ${title} of ${service} is complete and has taken plan ${planId} back: ${reason}`, {
    exitCode: exitCode.failed,
    hint: 'The service is as it was before that plan. Mend the cause, then update again',
  });
}

function timedOut({ service, title, timeoutMs }: Watch): CommandError {
  return new CommandError(`Plan ${title} of ${service} was not complete after ${timeoutMs / 1000} s.`, {
    exitCode: exitCode.timeout,
    hint: `It goes on. Watch it with \`warden plan status ${title} --watch --name=${service}\``,
  });
}
