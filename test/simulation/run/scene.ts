import type { HttpAnswer, HttpRequest } from '../cloud/api-request.ts';
import { keyOf, type WrittenItem, writtenBy } from '../invariants/written-items.ts';
import type { World } from '../world.ts';
import { wantedServices } from './services.ts';

/** A request that changes services, as its sender knows it. Times in epoch milliseconds. */
export interface SentRequest {
  readonly type: 'install' | 'update' | 'application of a preview' | 'command' | 'hibernation or resume' | 'uninstall';
  readonly service: string;
  readonly keepVolumes: boolean;
  /** `unknown`: the answer was lost, or said that the server failed. */
  readonly answer: 'accepted' | 'refused' | 'unknown';
  /** Of an update that was accepted: what became the target. Absent for the application of a preview. */
  readonly configId?: string;
  /** Of what was accepted with a plan of its own. */
  readonly planId?: string;
  readonly begunAt: number;
  readonly endedAt: number;
}

/** A dynamic config that somebody set with Kafka's own tool. */
export interface OverrideByHand {
  readonly clusterId: string;
  readonly brokerId: number;
  readonly name: string;
  readonly value: string;
}

/** A world with the people in it. */
export interface Scene {
  readonly world: World;
  /** What operators asked for, in the order of the answers. */
  readonly sent: readonly SentRequest[];
  /** What others set in Kafka, with the time. */
  readonly overrides: readonly (OverrideByHand & { readonly setAt: number })[];
  /** Sends a request as an operator does, and notes what was answered. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  noteOverride(override: OverrideByHand): void;
}

export function createScene(world: World): Scene {
  const sent: SentRequest[] = [];
  const overrides: (OverrideByHand & { setAt: number })[] = [];
  const effects = watchEffects(world);
  const previews = new Set<string>();
  return {
    ...{ world, sent, overrides },
    noteOverride: (override) => void overrides.push({ ...override, setAt: world.clock.now() }),
    async send(request) {
      const begunAt = world.clock.now();
      const { invocationId, ...answer } = await world.request(request);
      const { changes, put } = effects.get(invocationId) ?? { changes: [], put: [] };
      const effect = {
        changes,
        put,
        lives: wantedServices(world).some(({ name }) => request.path.endsWith(`/${name}`)),
      };
      for (const story of wrongEffects(request, answer, effect)) {
        world.violations.push({
          rule: 'I12: what is accepted stands in the history once, what is refused changes nothing',
          story,
        });
      }
      const note = noteOf(request, answer, previews);
      if (note !== undefined) sent.push({ ...note, begunAt, endedAt: world.clock.now() });
      return answer;
    },
  };
}

/** What an invocation of the API did. */
interface Effect {
  /** The calls by which it changed something. */
  readonly changes: readonly string[];
  readonly put: readonly WrittenItem[];
}

/** What each invocation of the API changed. */
function watchEffects(world: World): ReadonlyMap<number, Effect> {
  const effects = new Map<number, Effect>();
  world.onServed((call) => {
    const { invocation, service, operation } = call;
    if (
      !invocation.functionName.startsWith('Api') ||
      !/^(Put|Delete|TransactWrite|StartExecution|SendTask)/.test(operation)
    )
      return;
    const { changes, put } = effects.get(invocation.id) ?? { changes: [], put: [] };
    const written = writtenBy(call);
    effects.set(invocation.id, {
      changes: [...changes, [`${service}.${operation}`, ...written.put.map(keyOf)].join(' ')],
      put: [...put, ...written.put],
    });
  });
  return effects;
}

/** Each line of the history is written with what it tells of, so the invocation that answers has written it, once. */
function wrongEffects(
  request: HttpRequest,
  { status, body }: HttpAnswer,
  { changes, put, lives }: Effect & { readonly lives: boolean },
): readonly string[] {
  const { method, path } = request;
  const inHistory = put.filter(({ sk }) => String(sk).startsWith('OPERATION#'));
  const what = `${method} ${path} was answered ${status}`;
  const lines = (count: number): readonly string[] =>
    inHistory.length === count ? [] : [`${what} with ${inHistory.length} lines in the history instead of ${count}`];
  const isPreview = request.query?.['preview'] === 'true';
  if (method === 'GET' || status >= 500) return [];
  const isRefusal = method === 'PATCH' && Object(body)['type'] !== undefined && Object(body)['errors'] !== undefined;
  if (isRefusal && status === 400 && !isPreview && (put.length > 0 || lives)) {
    const others = put.filter(({ sk }) => !/^(REFUSED-UPDATE$|OPERATION#)/.test(String(sk)));
    return [...lines(1), ...others.map((item) => `${what} after ${keyOf(item)} was written`)];
  }
  if (status >= 400) return changes.length === 0 ? [] : [`${what} after ${changes.join(', ')}`];
  if (isPreview) {
    const others = put.filter(({ sk }) => !String(sk).startsWith('PROPOSAL#'));
    return others.map((item) => `${what} to a preview after ${keyOf(item)} was written`);
  }
  // 200 to a change: it is so already. 202 to an uninstall too, while the first one is under way.
  if (method === 'PATCH') return lines(status === 202 ? 1 : 0);
  if (method === 'DELETE') return inHistory.length <= 1 ? [] : lines(1);
  // A start of what goes on, and a stop of what is stopped, is noted once.
  if (/\/(start|stop)$/.test(path) && status === 200) return inHistory.length <= 1 ? [] : lines(1);
  // So is a pause with the same deadline, and a resume of what is not paused.
  if (/\/pod\/[^/]+\/(pause|resume)$/.test(path)) return inHistory.length <= 1 ? [] : lines(1);
  // Each service with nodes on the host has a history of its own.
  const fences = put.filter(({ sk }) => String(sk).startsWith('FENCE#')).length;
  return lines(status === 208 ? 0 : Math.max(1, fences));
}

/** What is remembered of a request; adds to the ids of previews those that it was answered with. */
function noteOf(
  { method, path, query, body }: HttpRequest,
  { status, body: answered }: HttpAnswer,
  previews: Set<string>,
) {
  if (method === 'GET') return undefined;
  const { configId, planId, unchanged }: { configId?: string; planId?: string; unchanged?: true } = Object(answered);
  if (query?.['preview'] === 'true') {
    // What changes nothing is answered with the plan that there is.
    if (status === 200 && planId !== undefined && unchanged !== true) previews.add(planId);
    return undefined;
  }
  const { options }: { options?: { service?: { name?: string } } } = Object(typeof body === 'object' ? body : {});
  const isInstall = path === '/services';
  const service = isInstall ? options?.service?.name : path.split('/')[2];
  if (service === undefined) return undefined;
  const [, started = ''] = /\/plans\/([^/]+)\/start$/.exec(path) ?? [];
  const ofService = /^\/service\/[^/]+\/v1\/(hibernate|resume)$/.test(path) ? 'hibernation or resume' : 'command';
  const commandType = previews.has(started) ? 'application of a preview' : ofService;
  return {
    ...{ service, keepVolumes: query?.['keepVolumes'] === 'true' },
    type: isInstall ? 'install' : method === 'PATCH' ? 'update' : method === 'DELETE' ? 'uninstall' : commandType,
    answer: status < 300 && status !== 208 ? 'accepted' : status < 500 ? 'refused' : 'unknown',
    ...(configId === undefined ? {} : { configId }),
    ...(planId === undefined ? {} : { planId }),
  } as const;
}
