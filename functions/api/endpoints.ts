import type { ConnectionDocument, EndpointDocument } from '../../lib/contract/endpoint-schema.ts';
import { connectionOf, type Endpoint, endpointNames, endpointOf } from '../../lib/model/endpoint/endpoint.ts';
import type { Store } from '../../lib/ports/store.ts';
import { json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readTargetConfig, withLivingService } from './stored-service.ts';

/** GET …/connection */
export function getConnection({ store }: { readonly store: Store }): ApiHandler {
  return ({ service }) =>
    withLivingService(store, service, async (state) => {
      const { controller, ...endpoint } = connectionOf(state, await readTargetConfig(store, state));
      const answer: ConnectionDocument = { ...documentOf(endpoint), controller: [...controller] };
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
      return json(200, documentOf(endpointOf(state, await readTargetConfig(store, state), role)));
    });
}

function documentOf({ address, dns, vip }: Endpoint): EndpointDocument {
  return { address: [...address], dns: [...dns], ...(vip === undefined ? {} : { vip }) };
}
