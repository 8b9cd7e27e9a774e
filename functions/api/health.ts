import type { DeploymentHealthDocument, HealthDocument } from '../../lib/contract/health-schema.ts';
import { healthStatus } from '../../lib/contract/health-status.ts';
import { healthQuerySchema } from '../../lib/contract/request-schemas.ts';
import { deploymentHealth } from '../../lib/model/health/deployment-health.ts';
import { serviceHealth } from '../../lib/model/health/service-health.ts';
import { readAllServices } from '../../lib/operations/read-all-services.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import type { Store } from '../../lib/ports/store.ts';
import { json } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readQuery } from './read-query.ts';
import { withLivingService } from './stored-service.ts';

/** What the health of services and of the deployment is read from. */
export interface HealthPorts {
  readonly store: Store;
  readonly clock: Clock;
}

/** GET …/health. Source: dcos-commons, HealthResource. */
export function getHealth({ store, clock }: HealthPorts): ApiHandler {
  return async ({ service, query }) => {
    const read = readQuery(healthQuerySchema, query, 'verbose=true or verbose=false');
    if (read.type === 'answered') return read.response;
    const verbose = read.query.verbose === 'true';
    return withLivingService(store, service, async (state) => {
      const question = { lostEvents: await store.readLostEvents(), now: clock(), verbose };
      const { value, reasons } = serviceHealth(state, question);
      const answer: HealthDocument = { value, reasons: [...reasons] };
      return json(healthStatus(value), answer);
    });
  };
}

/** GET /health: of all services together, and of what belongs to none of them. */
export function getDeploymentHealth({ store, clock }: HealthPorts): ApiHandler {
  return async () => {
    const [states, lostEvents, bar, orphans] = await Promise.all([
      readAllServices(store),
      store.readLostEvents(),
      store.readInstallBar(),
      store.readOrphans(),
    ]);
    const now = clock();
    const question = { now, verbose: false };
    const services = states.map((state) => ({
      ...{ name: state.target.service, value: serviceHealth(state, question).value },
      hibernates: state.wish.hibernates === true,
    }));
    const { value, reasons } = deploymentHealth({ services, lostEvents, now, bar, orphans });
    const answer: DeploymentHealthDocument = {
      value,
      reasons: [...reasons],
      services: services.map(({ name, value: ofService }) => ({ name, value: ofService })),
      deadLetters: (lostEvents?.queues ?? []).map(({ name, stayed, drained, drainedAt }) => ({
        ...{ queue: name, messages: stayed, takenUp: drained },
        ...(drainedAt === undefined ? {} : { takenUpAt: new Date(drainedAt).toISOString() }),
      })),
    };
    return json(healthStatus(value), answer);
  };
}
