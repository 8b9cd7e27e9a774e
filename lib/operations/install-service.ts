import { planDeploy } from '../model/plan/deploy.ts';
import type { Refusal } from '../model/refusal.ts';
import { nodeIdsOf } from '../model/service/node-ids.ts';
import type { ServiceOptions } from '../model/service/options.ts';
import { defaultPackageVersion } from '../model/service/package-version.ts';
import { resolveOptions } from '../model/service/resolve-options.ts';
import { nameIsFree } from '../model/service/validate/name-is-free.ts';
import type { Clock, NewId } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import type { ServiceCreation, Store } from '../ports/store.ts';
import { configFitsOverrides } from './config-fits-overrides.ts';
import { startRun } from './run-plan.ts';
import { ofReadOptions, takenByOthers } from './taken-by-others.ts';

export interface ApiPorts {
  readonly store: Store;
  readonly planRunner: PlanRunner;
  readonly clock: Clock;
  readonly newId: NewId;
  /** The private zone of this deployment, for example kafka.internal; absent: services use addresses. */
  readonly zone?: string;
}

export interface InstallRequest {
  readonly options: unknown;
  readonly packageVersion?: string;
  /** Name of the token. */
  readonly requestedBy: string;
}

export type InstallResult =
  | { readonly type: 'accepted'; readonly service: string; readonly planId: string; readonly configId: string }
  | { readonly type: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly type: 'name taken'; readonly service: string; readonly refusals: readonly Refusal[] }
  | { readonly type: 'installs barred' }
  | { readonly type: 'port taken'; readonly refusals: readonly Refusal[] };

/** Installs that lose a race for an automatic port choose again: of many at one instant, one wins each round. */
const maxPortRaces = 100;

/**
 * Validates the options, stores service, config and plan in one transaction, and starts the plan. A refused request
 * changes nothing. When the process dies before the plan runs, reconcile starts it.
 */
export async function installService(ports: ApiPorts, request: InstallRequest): Promise<InstallResult> {
  const packageVersion = request.packageVersion ?? defaultPackageVersion;
  const resolved = resolveOptions(request.options, packageVersion);
  if (resolved.type === 'refused') {
    const taken = ofReadOptions(await takenByOthers(ports.store, resolved.readable), resolved.refusals);
    return { type: 'refused', refusals: [...resolved.refusals, ...taken] };
  }
  const { options } = resolved;
  const service = options.service.name;
  for (let race = 0; race < maxPortRaces; race++) {
    const { choice, ...taken } = await takenByOthers(ports.store, options);
    const chosen = choice.type === 'chosen' ? choice : { options, ports: [] };
    const creation = newService(ports, { ...request, packageVersion }, chosen);
    const refusals = configFitsOverrides(creation.target, creation.config);
    if (refusals.length > 0) return { type: 'refused', refusals: [...taken.name, ...taken.ports, ...refusals] };
    if (taken.name.length > 0) return { type: 'name taken', service, refusals: [...taken.name, ...taken.ports] };
    if (taken.ports.length > 0) return { type: 'port taken', refusals: taken.ports };
    if (choice.type === 'none free') return { type: 'refused', refusals: [noPortFree] };
    // Only ports of a service of this very name, which went away between the two looks.
    if (choice.type === 'taken') continue;
    const result = await ports.store.createService(creation);
    if (result.type === 'name taken') {
      return { type: 'name taken', service, refusals: nameIsFree(options, [service]) };
    }
    if (result.type === 'installs barred') return result;
    if (result.type === 'port taken') continue;
    await startRun(ports, creation.plan, 1);
    return { type: 'accepted', service, planId: creation.plan.id, configId: creation.config.id };
  }
  return { type: 'refused', refusals: [noPortFree] };
}

const noPortFree: Refusal = {
  pointer: '/brokers/port',
  value: 0,
  message: 'No port is free for this service.',
  allowed: 'a port of 9092 to 9391 that no other service uses',
  hint: 'Uninstall a service that is no longer needed.',
};

function newService(
  ports: ApiPorts,
  request: { readonly packageVersion: string; readonly requestedBy: string },
  choice: { readonly options: ServiceOptions; readonly ports: readonly number[] },
): ServiceCreation {
  const { options } = choice;
  const service = options.service.name;
  const createdAt = ports.clock();
  const configId = ports.newId();
  const ids = nodeIdsOf(options);
  const asked = { service, configId, ...ids, createdAt, requestedBy: request.requestedBy };
  const plan = planDeploy(asked, options.service.deploy_strategy, ports.newId);
  const { packageVersion } = request;
  return {
    target: {
      ...{ service, configId, packageVersion, clusterId: newClusterId(ports.newId), ...ids, createdAt },
      ...(ports.zone === undefined ? {} : { zone: ports.zone }),
    },
    wish: { service, planId: plan.id },
    config: { id: configId, packageVersion, options },
    plan,
    ports: choice.ports,
    operation: {
      ...{ id: ports.newId(), service, kind: 'install', requestedBy: request.requestedBy },
      ...{ requestedAt: createdAt, planId: plan.id },
    },
  };
}

/**
 * Kafka writes its cluster id as the 16 bytes of a UUID in base64url without padding. Like Kafka's own tool, never one
 * that begins with a dash: a command line would take it for an option.
 */
function newClusterId(newId: NewId): string {
  const id = Buffer.from(newId().replaceAll('-', ''), 'hex').toString('base64url');
  return id.startsWith('-') ? newClusterId(newId) : id;
}
