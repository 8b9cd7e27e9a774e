import type { Description } from '../../lib/contract/service-schema.ts';
import type { Store } from '../../lib/ports/store.ts';
import { json } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readTargetConfig, withLivingService } from './stored-service.ts';

/** GET …/describe. One package version is supported so far, hence nothing to upgrade or downgrade to. */
export function describeService({ store }: { readonly store: Store }): ApiHandler {
  return ({ service }) =>
    withLivingService(store, service, async (state) => {
      const config = await readTargetConfig(store, state);
      const answer: Description = {
        package: { name: 'kafka', version: config.packageVersion },
        upgradesTo: [],
        downgradesTo: [],
        configId: config.id,
        resolvedOptions: { ...config.options },
      };
      return json(200, answer);
    });
}
