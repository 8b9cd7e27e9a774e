import type { CommandAnswer } from '../../lib/contract/command-schemas.ts';
import { noQuerySchema, stopProvenSchema } from '../../lib/contract/request-schemas.ts';
import type { OrphansDocument } from '../../lib/contract/truth-schemas.ts';
import { podName } from '../../lib/model/node.ts';
import type { Orphan } from '../../lib/model/truth/orphan.ts';
import { askAdoption } from '../../lib/operations/ask-adoption.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { proveStop } from '../../lib/operations/prove-stop.ts';
import { alreadySo } from './already-so.ts';
import { type ApiResponse, json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readDocument } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { noSuchService } from './stored-service.ts';

/** POST …/pod/{pod}/adopt */
export function adoptPod(ports: ApiPorts): ApiHandler {
  return async ({ service, pathParameters, query, requestedBy }) => {
    const read = readQuery(noQuerySchema, query, 'none');
    if (read.type === 'answered') return read.response;
    const { pod = '' } = pathParameters;
    const result = await askAdoption(ports, { service, pod, requestedBy });
    switch (result.type) {
      case 'accepted':
        return json(202, { message: 'Received cmd: adopt' } satisfies CommandAnswer);
      case 'already':
        return alreadySo();
      case 'no service':
        return noSuchService(service);
      case 'unknown service': {
        const detail = `The cloud has ${result.ids.join(', ')} of service ${service}, and the table does not know the service. It cannot be adopted without guessing: its options are stored nowhere else. Restore a copy of the table that knows it`;
        return problem({ kind: 'unknown-to-the-table', status: 409, detail });
      }
      case 'no pod':
        return noSuchPod(service, pod, result.pods);
      case 'going away':
        return goingAway(service);
    }
  };
}

/** POST …/pod/{pod}/stop-proven */
export function proveStopOfPod(ports: ApiPorts): ApiHandler {
  return async ({ service, pathParameters, query, body, requestedBy }) => {
    const read = readQuery(noQuerySchema, query, 'none');
    if (read.type === 'answered') return read.response;
    const document = readDocument(body, {
      schema: stopProvenSchema,
      sentence: 'The body names the task: {"taskArn": "arn:…"}',
      allowed: 'taskArn',
      hint: 'The waiting reason of the pod names the task.',
    });
    if (document.type === 'answered') return document.response;
    const { pod = '' } = pathParameters;
    const { taskArn } = document.document;
    const result = await proveStop(ports, { service, pod, taskArn, requestedBy });
    switch (result.type) {
      case 'done':
        return json(200, { message: 'Received cmd: stop-proven' } satisfies CommandAnswer);
      case 'already':
        return alreadySo();
      case 'no service':
        return noSuchService(service);
      case 'no pod':
        return noSuchPod(service, pod, result.pods);
      case 'going away':
        return goingAway(service);
      case 'not awaited': {
        const { awaited } = result;
        const detail =
          awaited === undefined
            ? `${pod} waits for the proof of no stop, so ${taskArn} is not believed to be gone`
            : `${pod} waits for the proof that ${awaited} has stopped, and not for ${taskArn}`;
        return problem({ kind: 'not-awaited', status: 409, detail });
      }
    }
  };
}

/** GET /v1/orphans */
export function listOrphans({ store }: Pick<ApiPorts, 'store'>): ApiHandler {
  return ({ query }) => answerOrphans({ store }, query, () => true);
}

/** GET /service/{name}/v1/orphans */
export function listOrphansOfService({ store }: Pick<ApiPorts, 'store'>): ApiHandler {
  return ({ query, service }) => answerOrphans({ store }, query, (orphan) => orphan.service === service);
}

async function answerOrphans(
  { store }: Pick<ApiPorts, 'store'>,
  query: Readonly<Record<string, string>>,
  isAsked: (orphan: Orphan) => boolean,
): Promise<ApiResponse> {
  const read = readQuery(noQuerySchema, query, 'none');
  if (read.type === 'answered') return read.response;
  const look = await store.readOrphans();
  const answer: OrphansDocument = {
    ...(look === undefined ? {} : { lookedAt: new Date(look.lookedAt).toISOString() }),
    orphans: (look?.found ?? []).filter(isAsked).map(orphanDocument),
    more: look?.more ?? 0,
    unread: [...(look?.unread ?? [])],
  };
  return json(200, answer);
}

function orphanDocument({ what, id, service, nodeId, why, remedy, since }: Orphan): OrphansDocument['orphans'][number] {
  const pod = nodeId === undefined ? {} : { pod: podName(nodeId) };
  return { what, id, service, ...pod, why, remedy, since: new Date(since).toISOString() };
}

function noSuchPod(service: string, pod: string, pods: readonly string[]): ApiResponse {
  const detail = `Service ${service} has no pod ${pod}; it has ${pods.join(', ')}`;
  return problem({ kind: 'not-found', status: 404, detail });
}

function goingAway(service: string): ApiResponse {
  const detail = `Service ${service} is being uninstalled: nothing else is done with its nodes any more`;
  return problem({ kind: 'going-away', status: 409, detail });
}
