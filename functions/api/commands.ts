import type { Applied, CommandAnswer } from '../../lib/contract/command-schemas.ts';
import { isUuid } from '../../lib/contract/is-uuid.ts';
import { noQuerySchema, planParametersSchema, stepQuerySchema } from '../../lib/contract/request-schemas.ts';
import type { PlanCommand } from '../../lib/model/plan/steering/steer.ts';
import { type ApplyResult, applyProposal } from '../../lib/operations/apply-proposal.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { type SteerRequest, type SteerResult, steerPlan } from '../../lib/operations/steer-plan.ts';
import { alreadySo } from './already-so.ts';
import type { Body } from './api-request.ts';
import { type ApiResponse, json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readDocument } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { planPath } from './services.ts';
import { noSuchService } from './stored-service.ts';

/** POST …/plans/{plan}/continue and so on: a command on a plan, on a phase or on a step. Source: dcos-commons, PlansQueries. */
export function commandPlan(ports: ApiPorts, command: Exclude<PlanCommand, 'start' | 'stop'>): ApiHandler {
  return async ({ service, pathParameters, query, requestedBy }) => {
    const read = readQuery(stepQuerySchema, query, 'phase=<name or id> and step=<name or id>, a step with its phase');
    if (read.type === 'answered') return read.response;
    const request = { service, plan: planOf(pathParameters), command, ...definedOf(read.query), requestedBy };
    return answerOf(request, await steerPlan(ports, request));
  };
}

/** POST …/plans/{plan}/stop */
export function stopPlan(ports: ApiPorts): ApiHandler {
  return async ({ service, pathParameters, query, requestedBy }) => {
    const read = readQuery(noQuerySchema, query, 'none: a plan is stopped as a whole');
    if (read.type === 'answered') return read.response;
    const request: SteerRequest = { service, plan: planOf(pathParameters), command: 'stop', requestedBy };
    return answerOf(request, await steerPlan(ports, request));
  };
}

/** POST …/plans/{plan}/start: the id of a preview applies it, that of a plan starts it again. */
export function startPlan(ports: ApiPorts): ApiHandler {
  return async ({ service, pathParameters, query, body, requestedBy }) => {
    const read = readQuery(noQuerySchema, query, 'none: a plan is started as a whole');
    if (read.type === 'answered') return read.response;
    const plan = planOf(pathParameters);
    const refused = refuseParameters(body, plan);
    if (refused !== undefined) return refused;
    // Once applied, the id of a preview still means it: to send it twice must not walk its plan twice.
    if (isUuid(plan) && (await ports.store.readProposal(service, plan)) !== undefined) {
      const applied = await applyProposal(ports, { service, planId: plan, requestedBy });
      if (applied.type !== 'no proposal') return answerApplied(service, applied);
    }
    const request: SteerRequest = { service, plan, command: 'start', requestedBy };
    return answerOf(request, await steerPlan(ports, request));
  };
}

const recoveryIsNotSteered =
  'Plan recovery takes no commands: it goes on by itself until every node runs. Commands are for plan deploy';

/** The answer to a command that did not take effect. */
export function refusalOf(
  { service, plan }: Pick<SteerRequest, 'service' | 'plan'>,
  result: Exclude<SteerResult, { readonly type: 'done' }>,
): ApiResponse {
  const notFound = (detail: string) => problem({ kind: 'not-found', status: 404, detail });
  switch (result.type) {
    case 'already':
      return alreadySo();
    case 'no service':
      return noSuchService(service);
    case 'no plan':
      if (plan === 'recovery') return problem({ kind: 'not-implemented', status: 501, detail: recoveryIsNotSteered });
      return notFound(`Plan ${plan} not found`);
    case 'no phase':
      return notFound(`Plan ${plan} has no phase ${result.phase}. GET ${planPath(service, plan)} shows its phases`);
    case 'no step':
      return notFound(`Plan ${plan} has no step ${result.step} there. GET ${planPath(service, plan)} shows its steps`);
    case 'missing phase':
      return problem({ kind: 'bad-request', status: 400, detail: 'Missing phase' });
  }
}

function answerOf(request: SteerRequest, result: SteerResult): ApiResponse {
  if (result.type !== 'done') return refusalOf(request, result);
  const answer: CommandAnswer = { message: `Received cmd: ${wordsOf(request.command, result)}` };
  return json(200, answer);
}

function wordsOf(
  command: PlanCommand,
  { plan, phase, step }: { readonly plan: string; readonly phase?: string; readonly step?: string },
): string {
  switch (command) {
    case 'continue':
    case 'interrupt':
    case 'stop':
      return command;
    case 'start':
      return `start ${plan} with parameters: {}`;
    case 'forceComplete':
    case 'restart': {
      const parts = [`Plan: ${plan}`, ...(phase === undefined ? [] : [`Phase: ${phase}`])];
      return `${command} for ${[...parts, ...(step === undefined ? [] : [`Step: ${step}`])].join(', ')}`;
    }
  }
}

function answerApplied(service: string, result: Exclude<ApplyResult, { readonly type: 'no proposal' }>): ApiResponse {
  switch (result.type) {
    case 'accepted': {
      const answer: Applied = { name: service, planId: result.planId };
      return json(202, answer, { location: planPath(service, result.planId) });
    }
    case 'already':
      return alreadySo();
    case 'changed meanwhile':
      return problem({ kind: 'changed-meanwhile', status: 409, detail: result.detail });
    case 'no service':
      return noSuchService(service);
  }
}

const parameterName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** dcos-commons hands parameters on to tasks; no plan of ours has any, and one that is not used would mislead. */
function refuseParameters(body: Body, plan: string): ApiResponse | undefined {
  const sentence =
    "Couldn't parse parameters: the body must be an object of names and texts; plans take none so far: {}";
  const hint = 'write {} or no body';
  const read = readDocument(body, { schema: planParametersSchema, sentence, allowed: 'no member', hint });
  if (read.type === 'answered') return read.response;
  const names = Object.keys(read.document);
  if (names.length === 0) return undefined;
  const bad = names.find((name) => !parameterName.test(name));
  const detail =
    bad === undefined
      ? `Plan ${plan} takes no parameters, but ${names.slice(0, 10).join(', ').slice(0, 200)} was given. Write {} or no body`
      : `Couldn't parse parameters: ${bad.slice(0, 100)} is no name of a parameter, which is letters, digits and _, no digit first`;
  return problem({ kind: 'bad-request', status: 400, detail });
}

const planOf = (pathParameters: Readonly<Record<string, string>>): string => pathParameters['plan'] ?? 'deploy';

function definedOf({ phase, step }: { readonly phase?: string | undefined; readonly step?: string | undefined }) {
  return { ...(phase === undefined ? {} : { phase }), ...(step === undefined ? {} : { step }) };
}
