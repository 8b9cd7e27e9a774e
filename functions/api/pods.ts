import { durationMs } from '../../lib/contract/duration.ts';
import type { PodCommandAnswer, PodsAnswer } from '../../lib/contract/pod-schemas.ts';
import {
  noQuerySchema,
  pauseBodySchema,
  pauseQuerySchema,
  replacePodQuerySchema,
  replaceQuerySchema,
  taskNamesSchema,
} from '../../lib/contract/request-schemas.ts';
import { isBroker, type NodeId, podName, taskName } from '../../lib/model/node.ts';
import { nodeOfPod } from '../../lib/model/node-of-pod.ts';
import { podGroups, podNodeIds, podOf, podTaskInfo, taskIdOf } from '../../lib/model/pod-view.ts';
import type { ServiceState } from '../../lib/model/state.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { type PauseNodeResult, pauseNode, resumeNode } from '../../lib/operations/pause-node.ts';
import { reactivateNode } from '../../lib/operations/reactivate-node.ts';
import { type ReplaceNodeResult, replaceNode } from '../../lib/operations/replace-node.ts';
import { restartNode } from '../../lib/operations/restart-node.ts';
import type { ApiRequest } from './api-request.ts';
import { type ApiResponse, json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readDocument } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { hibernates } from './sleep.ts';
import { noSuchService, withLivingService } from './stored-service.ts';

/** GET …/pod */
export function listPods({ store }: ApiPorts): ApiHandler {
  return ({ service }) => withLivingService(store, service, async (state) => json(200, podNodeIds(state).map(podName)));
}

/** GET …/pod/status */
export function getPodsStatus({ store, clock }: ApiPorts): ApiHandler {
  return ({ service }) =>
    withLivingService(store, service, async (state) => {
      const pods = podGroups(state, clock()).map(({ name, instances }) => ({
        name,
        instances: instances.map((pod) => ({ ...pod, tasks: [...pod.tasks] })),
      }));
      const answer: PodsAnswer = { service, pods };
      return json(200, answer);
    });
}

/** GET …/pod/{pod}/status */
export function getPodStatus(ports: ApiPorts): ApiHandler {
  return (request) => withPod(ports, request, async (state, nodeId) => json(200, podOf(state, nodeId, ports.clock())));
}

/** GET …/pod/{pod}/info */
export function getPodInfo(ports: ApiPorts): ApiHandler {
  return (request) =>
    withPod(ports, request, async (state, nodeId) => json(200, [podTaskInfo(state, nodeId, ports.clock())]));
}

/** POST …/pod/{pod}/restart */
export function restartPod(ports: ApiPorts): ApiHandler {
  return (request) =>
    withPod(ports, request, async (_state, nodeId) => {
      const read = readQuery(noQuerySchema, request.query, 'none: a pod is restarted in place');
      if (read.type === 'answered') return read.response;
      const { service, requestedBy } = request;
      return answerOf(service, nodeId, await restartNode(ports, { service, nodeId, requestedBy }));
    });
}

/** POST …/pod/{pod}/replace[?volume=discard][&force=true] */
export function replacePod(ports: ApiPorts): ApiHandler {
  return (request) =>
    withPod(ports, request, async (_state, nodeId) => {
      const read = readQuery(replacePodQuerySchema, request.query, 'volume=keep or discard, force=true or false');
      if (read.type === 'answered') return read.response;
      const { volume = 'keep', force } = read.query;
      if (force === 'true' && volume === 'keep')
        return badRequest('force=true has a meaning only with volume=discard: a volume that is kept loses nothing');
      const { service, requestedBy } = request;
      const asked = { service, nodeId, requestedBy, volume, force: force === 'true' };
      return answerOf(service, nodeId, await replaceNode(ports, asked));
    });
}

/** POST …/pod/{pod}/pause */
export function pausePod(ports: ApiPorts): ApiHandler {
  return (request) =>
    withPod(ports, request, async (_state, nodeId) => {
      const read = readPause(request, nodeId, ports.clock());
      if (read.type === 'answered') return read.response;
      const { service, requestedBy } = request;
      const until = read.until === undefined ? {} : { until: read.until };
      return answerOf(service, nodeId, await pauseNode(ports, { service, nodeId, requestedBy, ...until }));
    });
}

/** POST …/pod/{pod}/resume: of a paused pod, and of one that was deactivated. */
export function resumePod(ports: ApiPorts): ApiHandler {
  return (request) =>
    withPod(ports, request, async (_state, nodeId) => {
      const query = readQuery(noQuerySchema, request.query, 'none: a pod is resumed as a whole');
      if (query.type === 'answered') return query.response;
      const body = request.body.type === 'none' ? { type: 'json' as const, value: [] } : request.body;
      const form = { sentence: 'The body must be a JSON list of task names, or none', allowed: 'names of tasks' };
      const read = readDocument(body, { schema: taskNamesSchema, ...form, hint: `write ["${taskName(nodeId)}"]` });
      if (read.type === 'answered') return read.response;
      const refused = refuseOtherTasks(read.document, nodeId);
      if (refused !== undefined) return refused;
      const { service, requestedBy } = request;
      const resumed = await resumeNode(ports, { service, nodeId, requestedBy });
      if (resumed.type !== 'already') return answerOf(service, nodeId, resumed);
      return answerOf(service, nodeId, await reactivateNode(ports, { service, nodeId, requestedBy }));
    });
}

/** PUT …/brokers/{id}: the 1.x form of a restart, and of a replacement with the volume. */
export function restartBroker(ports: ApiPorts): ApiHandler {
  return ({ service, pathParameters, query, requestedBy }) =>
    withLivingService(ports.store, service, async (state) => {
      const read = readQuery(replaceQuerySchema, query, 'replace=true or false');
      if (read.type === 'answered') return read.response;
      const { id = '' } = pathParameters;
      const nodeId = Number(id);
      if (!/^\d{1,9}$/.test(id) || !isBroker(state.target, nodeId))
        return problem({ kind: 'not-found', status: 404, detail: `Broker ${id} not found` });
      const asked = { service, nodeId, requestedBy };
      const result =
        read.query.replace === 'true'
          ? await replaceNode(ports, { ...asked, volume: 'keep', force: false })
          : await restartNode(ports, asked);
      if (result.type !== 'accepted') return answerOf(service, nodeId, result);
      return json(200, [taskIdOf(state, nodeId) ?? taskName(nodeId)]);
    });
}

function withPod(
  { store }: ApiPorts,
  { service, pathParameters }: ApiRequest,
  answer: (state: ServiceState, nodeId: NodeId) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  return withLivingService(store, service, async (state) => {
    const { pod = '' } = pathParameters;
    const nodeId = nodeOfPod(state.target, pod);
    return nodeId === undefined ? noSuchPod(pod) : answer(state, nodeId);
  });
}

type PauseReading =
  | { readonly type: 'read'; readonly until?: number }
  | { readonly type: 'answered'; readonly response: ApiResponse };

/** The deadline stands in the body or in the query. */
function readPause({ query, body }: ApiRequest, nodeId: NodeId, now: number): PauseReading {
  const known = 'for=<time>, like 90s, 30m or 1h30m';
  const asked = readQuery(pauseQuerySchema, query, known);
  if (asked.type === 'answered') return asked;
  const read = readDocument(body, {
    schema: pauseBodySchema,
    sentence: 'The body must be a JSON list of task names, or an object with `until`, or none',
    allowed: 'names of tasks, or {"until": <time in ISO 8601>}',
    hint: `write ["${taskName(nodeId)}"] or {"until": "${new Date(now + 1_800_000).toISOString()}"}`,
  });
  if (read.type === 'answered') return read;
  const { document } = read;
  const isList = Array.isArray(document);
  const refused = isList ? refuseOtherTasks(document, nodeId) : undefined;
  if (refused !== undefined) return { type: 'answered', response: refused };
  const until = isList || document.until === undefined ? undefined : Date.parse(document.until);
  const lastsMs = asked.query.for === undefined ? undefined : durationMs(asked.query.for);
  if (until !== undefined && lastsMs !== undefined)
    return { type: 'answered', response: badRequest('Give `until` in the body or `for` in the query, not both') };
  const end = until ?? (lastsMs === undefined ? undefined : now + lastsMs);
  // Later ones are no times any more to those who read them.
  if (end !== undefined && end > latest)
    return { type: 'answered', response: badRequest(`The deadline is later than ${new Date(latest).toISOString()}`) };
  return end === undefined ? { type: 'read' } : { type: 'read', until: end };
}

const latest = Date.UTC(9999, 0);

function refuseOtherTasks(tasks: readonly string[], nodeId: NodeId): ApiResponse | undefined {
  const other = tasks.find((task) => task !== taskName(nodeId) && `${podName(nodeId)}-${task}` !== taskName(nodeId));
  if (other === undefined) return undefined;
  return badRequest(`Pod ${podName(nodeId)} has no task ${other.slice(0, 100)}. It has ${taskName(nodeId)}`);
}

function answerOf(service: string, nodeId: NodeId, result: PauseNodeResult | ReplaceNodeResult): ApiResponse {
  const pod = podName(nodeId);
  switch (result.type) {
    case 'accepted':
    case 'already': {
      const answer: PodCommandAnswer = { pod, tasks: [taskName(nodeId)] };
      return json(200, answer);
    }
    case 'no service':
      return noSuchService(service);
    case 'hibernates':
      return hibernates(service);
    case 'no node':
      return noSuchPod(pod);
    case 'going away':
      return problem({ kind: 'going-away', status: 409, detail: `The service ${service} is being uninstalled` });
    case 'never started': {
      const detail = `Pod ${pod} was never started: a plan has yet to do that. GET …/v1/plans/deploy shows what it waits for`;
      return problem({ kind: 'never-started', status: 409, detail });
    }
    case 'only controller': {
      const detail = `The volume of ${pod} is the only one with the cluster's metadata: without it the cluster is lost. It can be replaced with its volume: POST …/v1/pod/${pod}/replace`;
      return problem({ kind: 'only-controller', status: 409, detail });
    }
    case 'no snapshot of a controller':
      return problem({ kind: 'bad-request', status: 400, detail: `A controller is not made of a snapshot: ${pod}` });
    case 'deadline is past':
      return badRequest(`The deadline must be later than now, which is ${new Date(result.now).toISOString()}`);
  }
}

function noSuchPod(pod: string): ApiResponse {
  return problem({ kind: 'not-found', status: 404, detail: `Pod ${pod} not found` });
}

function badRequest(detail: string): ApiResponse {
  return problem({ kind: 'bad-request', status: 400, detail });
}
