import { json } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';

/** GET /openapi.json. The document's maker is loaded only when it is asked for: other requests need not pay for it. */
export function getOpenApi(): ApiHandler {
  return async () => {
    const { openApiDocument } = await import('../../lib/contract/openapi.ts');
    return json(200, openApiDocument());
  };
}
