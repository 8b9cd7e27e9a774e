import type { Cloud, LocalService } from '../core/service.ts';
import { type Clock, systemClock } from '../events/clock.ts';
import { openApiStore } from './api-store.ts';
import { createApiHandlers } from './apis.ts';
import { createAuthorizerHandlers } from './authorizers.ts';
import { createGateway } from './gateway.ts';
import { createIntegrationHandlers } from './integrations.ts';
import { createListeners } from './listeners.ts';
import { createRouteHandlers } from './routes.ts';
import { createStageHandlers } from './stages.ts';
import { createTagHandlers } from './tags.ts';

/** API Gateway's HTTP APIs: each listens on a port of its own from the cloud's API port upward. */
export function createApigatewayService(cloud: Cloud, clock: Clock = systemClock): LocalService {
  const store = openApiStore(cloud, clock);
  const listeners = createListeners(store, createGateway(store));
  return {
    name: 'apigatewayv2',
    handlers: {
      ...createApiHandlers(store, listeners),
      ...createRouteHandlers(store),
      ...createIntegrationHandlers(store),
      ...createAuthorizerHandlers(store),
      ...createStageHandlers(store),
      ...createTagHandlers(store),
    },
    start: () => listeners.openStored(),
    stop: () => listeners.closeAll(),
  };
}
