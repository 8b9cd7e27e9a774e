import type { Applied } from '../../lib/contract/command-schemas.ts';
import { noQuerySchema } from '../../lib/contract/request-schemas.ts';
import type { HibernateRequest, HibernateResult } from '../../lib/operations/hibernate-service.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { alreadySo } from './already-so.ts';
import { type ApiResponse, json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readQuery } from './read-query.ts';
import { planPath } from './services.ts';
import { noSuchService } from './stored-service.ts';

/** POST …/hibernate and POST …/resume */
export function sleepService(
  ports: ApiPorts,
  operation: (ports: ApiPorts, request: HibernateRequest) => Promise<HibernateResult>,
): ApiHandler {
  return async ({ service, query, requestedBy }) => {
    const read = readQuery(noQuerySchema, query, 'none: a service hibernates and resumes as a whole');
    if (read.type === 'answered') return read.response;
    const result = await operation(ports, { service, requestedBy });
    switch (result.type) {
      case 'accepted': {
        const answer: Applied = { name: service, planId: result.planId };
        return json(202, answer, { location: planPath(service, result.planId) });
      }
      case 'already':
        return alreadySo();
      case 'no service':
        return noSuchService(service);
      case 'going away': {
        const detail = `Service ${service} is being uninstalled: it neither hibernates nor resumes. GET ${planPath(service, 'deploy')} shows how far it is`;
        return problem({ kind: 'going-away', status: 409, detail });
      }
    }
  };
}

/** The answer to what cannot be done to a service, or to a node of it, that hibernates. */
export function hibernates(service: string): ApiResponse {
  const detail = `Service ${service} hibernates: nothing of it runs, and nothing of it is changed. Resume it first: POST /service/${service}/v1/resume (warden resume)`;
  return problem({ kind: 'hibernates', status: 409, detail });
}
