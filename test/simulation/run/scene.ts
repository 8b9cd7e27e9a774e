import type { HttpAnswer, HttpRequest } from '../cloud/api-request.ts';
import type { World } from '../world.ts';

/** A request that changes services, as its sender knows it. Times in epoch milliseconds. */
export interface SentRequest {
  readonly type: 'install' | 'uninstall';
  readonly service: string;
  readonly keepVolumes: boolean;
  /** `unknown`: the answer was lost, or said that the server failed. */
  readonly answer: 'accepted' | 'refused' | 'unknown';
  readonly begunAt: number;
  readonly endedAt: number;
}

/** A world with the people in it. */
export interface Scene {
  readonly world: World;
  /** What operators asked for, in the order of the answers. */
  readonly sent: readonly SentRequest[];
  /** Sends a request as an operator does, and notes what was answered. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

export function createScene(world: World): Scene {
  const sent: SentRequest[] = [];
  const changes = watchChanges(world);
  return {
    world,
    sent,
    async send(request) {
      const begunAt = world.clock.now();
      const { invocationId, ...answer } = await world.request(request);
      const changed = changes.get(invocationId) ?? [];
      if (answer.status >= 400 && answer.status < 500 && changed.length > 0) {
        world.violations.push({
          rule: 'I12: a refused request changes nothing',
          story: `${request.method} ${request.path} was answered ${answer.status} after ${changed.join(', ')}`,
        });
      }
      const note = noteOf(request, answer);
      if (note !== undefined) sent.push({ ...note, begunAt, endedAt: world.clock.now() });
      return answer;
    },
  };
}

/** What each invocation of the API changed. */
function watchChanges(world: World): ReadonlyMap<number, readonly string[]> {
  const changes = new Map<number, string[]>();
  world.onServed(({ invocation, service, operation }) => {
    if (invocation.functionName !== 'Api' || !/^(Put|Delete|TransactWrite|StartExecution|SendTask)/.test(operation))
      return;
    changes.set(invocation.id, [...(changes.get(invocation.id) ?? []), `${service}.${operation}`]);
  });
  return changes;
}

function noteOf({ method, path, query, body }: HttpRequest, { status }: HttpAnswer) {
  if (method === 'GET') return undefined;
  const { options }: { options?: { service?: { name?: string } } } = Object(typeof body === 'object' ? body : {});
  const service = method === 'POST' ? options?.service?.name : path.split('/')[2];
  if (service === undefined) return undefined;
  const answer = status === 202 ? 'accepted' : status < 500 ? 'refused' : 'unknown';
  const type = method === 'POST' ? 'install' : 'uninstall';
  return { type, service, keepVolumes: query?.['keepVolumes'] === 'true', answer } as const;
}
