import type { HttpAnswer, HttpRequest } from '../cloud/api-request.ts';
import type { Invariant } from '../invariants/invariant.ts';
import type { World } from '../world.ts';

/** What an operator was promised. */
export interface Accepted {
  readonly type: 'install' | 'uninstall';
  readonly service: string;
  readonly planId: string;
  readonly keepVolumes: boolean;
  readonly at: number;
}

/** A world with the people in it. */
export interface Scene {
  readonly world: World;
  readonly accepted: Accepted[];
  /** Sends a request as an operator does, and notes what was promised. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}

export function createScene(world: World): Scene {
  const accepted: Accepted[] = [];
  const writes = watchWrites(world);
  return {
    world,
    accepted,
    async send(request) {
      const { invocationId, ...answer } = await world.request(request);
      const wrote = writes.get(invocationId) ?? [];
      if (answer.status >= 400 && answer.status < 500 && wrote.length > 0) {
        world.violations.push({
          rule: 'I12: a refused request changes nothing',
          story: `${request.method} ${request.path} was answered ${answer.status} after ${wrote.join(', ')}`,
        });
      }
      const promise = promiseOf(request, answer, world.clock.now());
      if (promise !== undefined) accepted.push(promise);
      return answer;
    },
  };
}

/** What each invocation of the API changed. */
function watchWrites(world: World): ReadonlyMap<number, readonly string[]> {
  const writes = new Map<number, string[]>();
  world.onServed(({ invocation, service, operation }) => {
    if (invocation.functionName !== 'Api' || !/^(Put|Delete|TransactWrite|StartExecution|SendTask)/.test(operation))
      return;
    const list = writes.get(invocation.id) ?? [];
    list.push(`${service}.${operation}`);
    writes.set(invocation.id, list);
  });
  return writes;
}

function promiseOf(request: HttpRequest, { status, body }: HttpAnswer, at: number): Accepted | undefined {
  const { name, planId }: { name?: string; planId?: string } = Object(body);
  if (status !== 202 || name === undefined || planId === undefined) return undefined;
  const keepVolumes = request.query?.['keepVolumes'] === 'true';
  return { type: request.method === 'POST' ? 'install' : 'uninstall', service: name, planId, keepVolumes, at };
}

/** Notes the first thing that each rule finds wrong. */
export function checkAll(
  world: World,
  invariants: readonly Invariant[],
  when: 'afterStep' | 'nowAndThen' | 'atRest',
): void {
  for (const invariant of invariants) {
    const wrong = invariant[when]?.();
    if (wrong !== undefined) world.violations.push({ rule: invariant.rule, story: wrong });
  }
}
