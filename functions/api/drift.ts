import type { DriftDocument } from '../../lib/contract/drift-schema.ts';
import { type DriftPorts, lookAtDrift } from '../../lib/operations/look-at-drift.ts';
import { json } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { noSuchService } from './stored-service.ts';

/** GET …/drift: asked from Kafka now. */
export function getDrift(ports: DriftPorts): ApiHandler {
  return async ({ service }) => {
    const result = await lookAtDrift(ports, service);
    if (result.type === 'no service') return noSuchService(service);
    const answer: DriftDocument = { drift: result.drift.map((found) => ({ ...found })), unasked: [...result.unasked] };
    return json(200, answer);
  };
}
