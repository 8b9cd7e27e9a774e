import type { ActiveBlocks } from '../../lib/contract/active-blocks-schema.ts';
import type { BlocksCommandAnswer } from '../../lib/contract/command-schemas.ts';
import { blocksCommandQuerySchema, blocksQuerySchema, noQuerySchema } from '../../lib/contract/request-schemas.ts';
import { activeBlocks, blocksOf } from '../../lib/model/plan/plan-in-blocks.ts';
import type { PlanView } from '../../lib/model/plan/plan-view.ts';
import type { PlanCommand } from '../../lib/model/plan/steering/steer.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { type SteerResult, steerPlan } from '../../lib/operations/steer-plan.ts';
import type { Store } from '../../lib/ports/store.ts';
import type { ApiRequest } from './api-request.ts';
import { type ApiResponse, json, problem } from './api-response.ts';
import { refusalOf } from './commands.ts';
import type { ApiHandler } from './create-api.ts';
import { withPlan } from './plans.ts';
import { readQuery } from './read-query.ts';

/** GET …/plan: the deploy plan as the 1.x guides show it, 503 until it is complete. */
export function getPlanInBlocks({ store }: { readonly store: Store }): ApiHandler {
  return async ({ service, query }) => {
    const read = readQuery(noQuerySchema, query, 'none: a command is sent by PUT or POST');
    if (read.type === 'answered') return read.response;
    return withPlan(store, { service, name: 'deploy' }, (plan) =>
      json(plan.phases.every(({ status }) => status === 'COMPLETE') ? 200 : 503, blocksOf(plan)),
    );
  };
}

/** GET …/plan/status */
export function getActiveBlocks({ store }: { readonly store: Store }): ApiHandler {
  return ({ service }) =>
    withPlan(store, { service, name: 'deploy' }, (plan) => {
      const answer: ActiveBlocks = activeBlocks(plan);
      return json(200, answer);
    });
}

type BlocksCommand = Exclude<PlanCommand, 'start' | 'stop'>;

const parts = 'phase=<name or id> and block=<name or id>, or step= in the place of block=, with its phase';

/** PUT …/plan/continue and so on. */
export function commandBlocks(ports: ApiPorts, command: BlocksCommand): ApiHandler {
  return async (request) => {
    const read = readQuery(blocksQuerySchema, request.query, parts);
    return read.type === 'answered' ? read.response : steer(ports, { request, command, ...read.query });
  };
}

/** PUT …/plan?cmd=continue and so on. */
export function commandBlocksByQuery(ports: ApiPorts): ApiHandler {
  return async (request) => {
    const known = `cmd=continue, interrupt, forceComplete or restart; with it ${parts}`;
    const read = readQuery(blocksCommandQuerySchema, request.query, known);
    if (read.type === 'answered') return read.response;
    const { cmd, ...part } = read.query;
    return steer(ports, { request, command: cmd, ...part });
  };
}

interface Steering {
  readonly request: ApiRequest;
  readonly command: BlocksCommand;
  readonly phase?: string | undefined;
  readonly block?: string | undefined;
  /** Another name of the block. */
  readonly step?: string | undefined;
}

async function steer(
  ports: ApiPorts,
  { request: { service, requestedBy }, command, phase, block, step }: Steering,
): Promise<ApiResponse> {
  if (block !== undefined && step !== undefined) {
    return problem({ kind: 'bad-request', status: 400, detail: 'block and step are the same: give one of them' });
  }
  return withPlan(ports.store, { service, name: 'deploy' }, async (plan) => {
    const part = partOf(plan, phase, block ?? step);
    const request = { service, plan: 'deploy', command, ...('type' in part ? {} : part), requestedBy };
    const result = 'type' in part ? part : await steerPlan(ports, request);
    if (result.type !== 'done') return refusalOf(request, result);
    const answer: BlocksCommandAnswer = { Result: `Received cmd: ${command}` };
    return json(200, answer);
  });
}

type Part = { readonly phase?: string; readonly step?: string };

/**
 * Names of the 1.x guides stand for the ids of what they show; other names and ids stay as they are. A phase that is
 * shown and not stored is the one that the guides begin with: it always is complete.
 */
function partOf(
  plan: PlanView,
  phase: string | undefined,
  block: string | undefined,
): Part | Extract<SteerResult, { readonly type: 'already' | 'no step' }> {
  const ids = [phase, plan.phases.find(({ name }) => name === phase)?.id];
  const shownPhase = blocksOf(plan).phases.find(({ id, name }) => ids.includes(id) || name === phase);
  const shownBlock = shownPhase?.blocks.find(({ id, name }) => id === block || name === block);
  if (shownPhase !== undefined && !plan.phases.some(({ id }) => id === shownPhase.id)) {
    return block === undefined || shownBlock !== undefined ? { type: 'already' } : { type: 'no step', step: block };
  }
  const knownPhase = shownPhase?.id ?? phase;
  const step = shownBlock?.id ?? block;
  return { ...(knownPhase === undefined ? {} : { phase: knownPhase }), ...(step === undefined ? {} : { step }) };
}
