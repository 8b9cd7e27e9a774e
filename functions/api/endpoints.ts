import type { ConnectionDocument, EndpointDocument } from '../../lib/contract/endpoint-schema.ts';
import { connectionOf, endpointNames, endpointOf } from '../../lib/model/endpoint/endpoint.ts';
import type { Store } from '../../lib/ports/store.ts';
import { json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readTargetConfig, withLivingService } from './stored-service.ts';

/** GET …/connection */
export function getConnection({ store }: { readonly store: Store }): ApiHandler {
  return ({ service }) =>
    withLivingService(store, service, async (state) => {
      const { address, dns, controller } = connectionOf(state, await readTargetConfig(store, state));
      const answer: ConnectionDocument = { address: [...address], dns: [...dns], controller: [...controller] };
      return json(200, answer);
    });
}

/** GET …/endpoints */
export function listEndpoints({ store }: { readonly store: Store }): ApiHandler {
  return ({ service }) => withLivingService(store, service, async () => json(200, endpointNames));
}

/** GET …/endpoints/{endpoint} */
export function getEndpoint({ store }: { readonly store: Store }): ApiHandler {
  return ({ service, pathParameters }) =>
    withLivingService(store, service, async (state) => {
      const role = endpointNames.find((name) => name === pathParameters['endpoint']);
      if (role === undefined) {
        const detail = `Endpoint ${pathParameters['endpoint']} not found. There are ${endpointNames.join(', ')}`;
        return problem({ kind: 'not-found', status: 404, detail });
      }
      const { address, dns } = endpointOf(state, await readTargetConfig(store, state), role);
      const answer: EndpointDocument = { address: [...address], dns: [...dns] };
      return json(200, answer);
    });
}
