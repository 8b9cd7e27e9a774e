import { uninstallQuerySchema } from '../../lib/contract/request-schemas.ts';
import type { ServiceDocument, ServiceSummary } from '../../lib/contract/service-schema.ts';
import { findPlan, type StoredService } from '../../lib/model/plan/find-plan.ts';
import type { Plan } from '../../lib/model/plan/plan.ts';
import { serviceStatus } from '../../lib/model/service/service-status.ts';
import type { ServiceState } from '../../lib/model/state.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { uninstallService } from '../../lib/operations/uninstall-service.ts';
import { json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { noSuchService, readStoredService } from './stored-service.ts';

/** GET /services */
export function listServices({ store }: Pick<ApiPorts, 'store'>): ApiHandler {
  return async () => {
    const names = await store.listServices();
    const states = await Promise.all(names.map((name) => store.readService(name)));
    // A service that went away since its name was read is simply no longer listed.
    return json(
      200,
      states.flatMap((state) => (state === undefined ? [] : [summaryOf(state)])),
    );
  };
}

/** GET /service/{name} */
export function getService({ store }: Pick<ApiPorts, 'store'>): ApiHandler {
  return async ({ service }) => {
    const stored = await readStoredService(store, service);
    return stored === undefined ? noSuchService(service) : json(200, documentOf(stored));
  };
}

/** DELETE /service/{name} */
export function uninstall(ports: ApiPorts): ApiHandler {
  return async ({ service, query, requestedBy }) => {
    const parsed = uninstallQuerySchema.safeParse(query);
    if (!parsed.success || parsed.data.confirm !== service) {
      const detail = `Confirm the uninstall with the query confirm=${service}; keepVolumes=true keeps the data`;
      return problem({ kind: 'not-confirmed', status: 400, detail });
    }
    const keepVolumes = parsed.data.keepVolumes === 'true';
    const result = await uninstallService(ports, { service, keepVolumes, requestedBy });
    if (result.type === 'no service') return noSuchService(service);
    const { planId } = result;
    return json(202, { name: service, planId }, { location: planPath(service, planId) });
  };
}

/** Where a plan is read; the value of `Location`. */
export function planPath(service: string, planId: string): string {
  return `/service/${service}/v1/plans/${planId}`;
}

function summaryOf(state: ServiceState): ServiceSummary {
  const { target } = state;
  return {
    name: target.service,
    status: serviceStatus({ type: 'lives', state }),
    packageVersion: target.packageVersion,
    brokers: target.brokerIds.length,
    controllers: target.controllerIds.length,
    createdAt: new Date(target.createdAt).toISOString(),
  };
}

function documentOf(stored: StoredService): ServiceDocument {
  if (stored.type === 'uninstalled') {
    const { service, uninstalledAt, keptVolumeIds, plan } = stored.tombstone;
    return {
      state: 'uninstalled',
      name: service,
      status: 'UNINSTALLED',
      uninstalledAt: new Date(uninstalledAt).toISOString(),
      keptVolumeIds: [...keptVolumeIds],
      plan: referenceTo(stored, plan),
    };
  }
  const { state } = stored;
  const plan = state.plans.find(({ id }) => id === state.wish.planId);
  if (plan === undefined) throw new Error(`plan ${state.wish.planId} of ${state.target.service} is not stored`);
  const { clusterId, configId } = state.target;
  return { state: 'installed', ...summaryOf(state), clusterId, configId, plan: referenceTo(stored, plan) };
}

function referenceTo(stored: StoredService, { id, kind }: Plan): ServiceDocument['plan'] {
  return { id, kind, status: findPlan(stored, id)?.status ?? 'PENDING' };
}
