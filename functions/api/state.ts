import { podName } from '../../lib/model/node.ts';
import { stateProperties, zonesOfTasks } from '../../lib/model/state-properties.ts';
import type { Store } from '../../lib/ports/store.ts';
import { type ApiResponse, json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { withLivingService } from './stored-service.ts';

interface StatePorts {
  readonly store: Store;
}

/** GET …/state/frameworkId */
export function getFrameworkId({ store }: StatePorts): ApiHandler {
  return ({ service }) => withLivingService(store, service, async ({ target }) => json(200, [target.clusterId]));
}

/** GET …/state/properties */
export function listStateProperties({ store }: StatePorts): ApiHandler {
  return ({ service }) =>
    withLivingService(store, service, async (state) => json(200, [...stateProperties(state).keys()]));
}

/** GET …/state/properties/{property} */
export function getStateProperty({ store }: StatePorts): ApiHandler {
  return ({ service, pathParameters }) =>
    withLivingService(store, service, async (state) => {
      const { property = '' } = pathParameters;
      const properties = stateProperties(state);
      if (properties.has(property)) return json(200, properties.get(property));
      return notFound(`The state of ${service} has no property ${property}. GET …/v1/state/properties lists them`);
    });
}

/** GET …/state/zone/tasks */
export function listTaskZones({ store }: StatePorts): ApiHandler {
  return ({ service }) =>
    withLivingService(store, service, async (state) => json(200, Object.fromEntries(zonesOfTasks(state))));
}

/** GET …/state/zone/tasks/{task} */
export function getTaskZone({ store }: StatePorts): ApiHandler {
  return ({ service, pathParameters }) =>
    withLivingService(store, service, async (state) => {
      const { task = '' } = pathParameters;
      const zone = zonesOfTasks(state).get(task);
      return zone === undefined
        ? notFound(`No task ${task} of ${service} has a host. GET …/v1/state/zone/tasks lists those that have`)
        : json(200, zone);
    });
}

/** GET …/state/zone/{pod}/{ip} */
export function getAddressZone({ store }: StatePorts): ApiHandler {
  return ({ service, pathParameters }) =>
    withLivingService(store, service, async ({ goals }) => {
      const { pod = '', ip = '' } = pathParameters;
      const goal = goals.find(({ nodeId, host }) => host?.address === ip && podTypeOf(nodeId) === pod);
      return goal?.host === undefined
        ? notFound(
            `No pod of type ${pod} of ${service} has a host with the address ${ip}. Types are kafka and controller`,
          )
        : json(200, goal.host.zone);
    });
}

/** `kafka` for `kafka-0`. */
function podTypeOf(nodeId: number): string {
  return podName(nodeId).replace(/-\d+$/, '');
}

/** Routes of the guides that mean nothing here. */
export function refuseFiles({ store }: StatePorts): ApiHandler {
  const detail =
    'Warden keeps no files of users in its state: what a service needs is in its options. Keep files in S3 or in your own repository';
  return ({ service }) => withLivingService(store, service, async () => notDone(detail));
}

export function refuseRefresh({ store }: StatePorts): ApiHandler {
  const detail = 'There is no cache to refresh: every request reads the state anew, and consistently';
  return ({ service }) => withLivingService(store, service, async () => notDone(detail));
}

function notFound(detail: string): ApiResponse {
  return problem({ kind: 'not-found', status: 404, detail });
}

function notDone(detail: string): ApiResponse {
  return problem({ kind: 'not-implemented', status: 501, detail });
}
