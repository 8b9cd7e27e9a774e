import { strict as assert } from 'node:assert';
import { configDifferences } from '../model/plan/config-difference.ts';
import type { NodeChange } from '../model/plan/node-change.ts';
import type { Plan } from '../model/plan/plan.ts';
import type { Refusal } from '../model/refusal.ts';
import type { ServiceConfig } from '../model/service/config.ts';
import { resolveUpdate } from '../model/service/update/resolve-update.ts';
import { valueError } from '../model/service/update/update-error.ts';
import type { ServiceState, ServiceTarget, UpdateError } from '../model/state.ts';
import { configFitsOverrides } from './config-fits-overrides.ts';
import type { ApiPorts } from './install-service.ts';
import { planTowards, targetOf } from './plan-towards.ts';

export interface UpdateRequest {
  readonly service: string;
  readonly options: unknown;
  /** Whether options that are not given go back to their defaults. */
  readonly replace: boolean;
  readonly packageVersion?: string;
  /** Name of the token. */
  readonly requestedBy: string;
}

/** An update that nobody has accepted yet. */
export interface UpdateDraft {
  readonly type: 'drafted';
  readonly state: ServiceState;
  readonly plan: Plan;
  readonly config: ServiceConfig;
  readonly target: ServiceTarget;
  readonly changes: ReadonlyMap<number, NodeChange>;
}

export type DraftResult =
  | UpdateDraft
  | { readonly type: 'unchanged'; readonly state: ServiceState }
  | { readonly type: 'no service' }
  /** It is being uninstalled. */
  | { readonly type: 'going away' }
  | { readonly type: 'hibernates' }
  | {
      readonly type: 'refused';
      readonly state: ServiceState;
      readonly refusals: readonly Refusal[];
      readonly errors: readonly UpdateError[];
    };

/** Works out what an update would do, and stores nothing. */
export async function draftUpdate(ports: ApiPorts, request: UpdateRequest): Promise<DraftResult> {
  const state = await ports.store.readService(request.service);
  if (state === undefined) return { type: 'no service' };
  if (state.wish.uninstall !== undefined) return { type: 'going away' };
  if (state.wish.hibernates === true) return { type: 'hibernates' };
  const stored = await ports.store.readConfig(request.service, state.target.configId);
  assert(stored !== undefined, `config ${state.target.configId} is kept while its service lives`);
  const { options: given, replace, packageVersion } = request;
  const resolved = resolveUpdate({
    stored,
    given,
    replace,
    ...(packageVersion === undefined ? {} : { packageVersion }),
  });
  if (resolved.type === 'refused') return { ...resolved, state };
  const draft = { ...resolved.config, id: ports.newId() };
  const changes = configDifferences(stored, draft);
  if (changes.length === 0) return { type: 'unchanged', state };
  const config = (await sameConfig(ports, state, draft)) ?? draft;
  const target = targetOf(state, config);
  const refusals = configFitsOverrides(target, config);
  if (refusals.length > 0) return { type: 'refused', state, refusals, errors: refusals.map(valueError) };
  const { requestedBy } = request;
  const strategy = config.options.service.deploy_strategy;
  const planned = await planTowards(ports, { state, config, target, requestedBy, strategy, differences: changes });
  return { type: 'drafted', state, config, target, ...planned };
}

/** A config that a kept plan of this service names and that says the same: what goes back to it has its id. */
async function sameConfig(
  { store }: ApiPorts,
  { target, plans }: ServiceState,
  draft: ServiceConfig,
): Promise<ServiceConfig | undefined> {
  const ids = plans.flatMap(({ configId, previousConfigId }) => [configId, previousConfigId ?? configId]).reverse();
  const configs = await Promise.all([...new Set(ids)].map((id) => store.readConfig(target.service, id)));
  return configs.find((config) => config !== undefined && configDifferences(config, draft).length === 0);
}
