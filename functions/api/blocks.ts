import type { ActiveBlocks } from '../../lib/contract/active-blocks-schema.ts';
import type { BlocksCommandAnswer } from '../../lib/contract/command-schemas.ts';
import { blocksCommandQuerySchema, blocksQuerySchema } from '../../lib/contract/request-schemas.ts';
import { activeBlocks, blocksOf } from '../../lib/model/plan/plan-in-blocks.ts';
import type { PlanView } from '../../lib/model/plan/plan-view.ts';
import type { PlanCommand } from '../../lib/model/plan/steering/steer.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { steerPlan } from '../../lib/operations/steer-plan.ts';
import type { Store } from '../../lib/ports/store.ts';
import type { ApiRequest } from './api-request.ts';
import { type ApiResponse, json } from './api-response.ts';
import { refusalOf } from './commands.ts';
import type { ApiHandler } from './create-api.ts';
import { withPlan } from './plans.ts';
import { readQuery } from './read-query.ts';

/** GET …/plan: the deploy plan as the 1.x guides show it, 503 until it is complete. */
export function getPlanInBlocks({ store }: { readonly store: Store }): ApiHandler {
  return ({ service }) =>
    withPlan(store, { service, name: 'deploy' }, (plan) =>
      json(plan.phases.every(({ status }) => status === 'COMPLETE') ? 200 : 503, blocksOf(plan)),
    );
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

const parts = 'phase=<name or id> and block=<name or id>, a block with its phase';

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
}

async function steer(
  ports: ApiPorts,
  { request: { service, requestedBy }, command, phase, block }: Steering,
): Promise<ApiResponse> {
  return withPlan(ports.store, { service, name: 'deploy' }, async (plan) => {
    const request = { service, plan: 'deploy', command, ...partOf(plan, phase, block), requestedBy };
    const result = await steerPlan(ports, request);
    if (result.type !== 'done') return refusalOf(request, result);
    const answer: BlocksCommandAnswer = { Result: `Received cmd: ${command}` };
    return json(200, answer);
  });
}

/** Names of the 1.x guides stand for the ids of what they show; other names and ids stay as they are. */
function partOf(
  plan: PlanView,
  phase: string | undefined,
  block: string | undefined,
): { readonly phase?: string; readonly step?: string } {
  const shownPhase = blocksOf(plan).phases.find(({ id, name }) => id === phase || name === phase);
  const shownBlock = shownPhase?.blocks.find(({ id, name }) => id === block || name === block);
  const knownPhase = shownPhase?.id ?? phase;
  const step = shownBlock?.id ?? block;
  return { ...(knownPhase === undefined ? {} : { phase: knownPhase }), ...(step === undefined ? {} : { step }) };
}
