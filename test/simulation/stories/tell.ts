import type { HttpAnswer, HttpRequest } from '../cloud/api-request.ts';
import { readStack } from '../cloud/stack.ts';
import { beginProducing } from '../commands/kafka-users.ts';
import type { ContainerRun } from '../contract.ts';
import type { Faults } from '../faults/faults.ts';
import { noFaults } from '../faults/no-faults.ts';
import { watchAll } from '../invariants/index.ts';
import type { Invariant } from '../invariants/invariant.ts';
import { check, watchSteps } from '../run/look.ts';
import { createScene, type Scene } from '../run/scene.ts';
import { unfinished } from '../run/services.ts';
import { createHosts, createWorld, type World } from '../world.ts';

export const secondMs = 1_000;
export const minuteMs = 60_000;

const stack = readStack();

/** A world in which a test lets one thing after another happen; all rules watch. */
export interface Told {
  readonly world: World;
  readonly scene: Scene;
  install(name: string, more?: Readonly<Record<string, unknown>>): Promise<HttpAnswer>;
  update(name: string, options: Readonly<Record<string, unknown>>): Promise<HttpAnswer>;
  /** Says something to the newest plan, or to a part of it. */
  command(name: string, verb: string, part?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  uninstall(name: string): Promise<HttpAnswer>;
  /** Lets time pass until it holds. @throws Error when it does not within the limit */
  until(what: string, condition: () => boolean, limitMs?: number): Promise<void>;
  /** Until nothing is left to do. */
  rest(limitMs?: number): Promise<void>;
  /** The live process of a node, for example of `kafka/0`. */
  process(node: string): ContainerRun | undefined;
  /** All that was broken, the rules for a world at rest included. */
  broken(): readonly string[];
}

/** Begins a story; its seed is its name. */
export function tell(seed: string, more: { readonly hosts?: number; readonly faults?: Faults } = {}): Told {
  const { hosts = 3, faults = noFaults() } = more;
  const world = createWorld({ seed, stack, hosts: createHosts(hosts), faults: () => faults });
  const scene = createScene(world);
  const invariants: readonly Invariant[] = watchAll(scene);
  watchSteps(world, invariants);
  beginProducing(scene);
  const until: Told['until'] = async (what, condition, limitMs = 10 * minuteMs) => {
    const isBroken = () => world.violations.length > 0;
    if (await world.clock.until(() => condition() || isBroken(), limitMs)) return;
    throw new Error(`${what} did not happen within ${limitMs / secondMs} s:\n${world.story.lines().join('\n')}`);
  };
  const answered = async (request: Promise<HttpAnswer>): Promise<HttpAnswer> => {
    let answer: HttpAnswer | undefined;
    request.then(
      (come) => {
        answer = come;
      },
      (error: unknown) => world.violations.push({ rule: 'the simulation runs', story: String(error) }),
    );
    await until('an answer', () => answer !== undefined, minuteMs);
    return request;
  };
  return {
    world,
    scene,
    until,
    install: (name, options = {}) =>
      answered(scene.send({ method: 'POST', path: '/services', body: { options: { service: { name }, ...options } } })),
    update: (name, options) =>
      answered(scene.send({ method: 'PATCH', path: `/service/${name}`, body: { options } } satisfies HttpRequest)),
    command: (name, verb, part = {}) =>
      answered(scene.send({ method: 'POST', path: `/service/${name}/v1/plans/deploy/${verb}`, query: part })),
    uninstall: (name) => answered(scene.send({ method: 'DELETE', path: `/service/${name}`, query: { confirm: name } })),
    async rest(limitMs = 20 * minuteMs) {
      // The whole table is read for it, so once a second is enough.
      let looked = 0;
      const isAtRest = () => {
        if (world.clock.now() < looked + secondMs) return false;
        looked = world.clock.now();
        return unfinished(world).length === 0;
      };
      await until('rest', isAtRest, limitMs);
      await world.clock.pass(secondMs);
    },
    process: (node) =>
      [...world.containers.values()].find(({ startedBy }) => startedBy.startsWith(`warden/${node}/node/`)),
    broken() {
      for (const when of ['nowAndThen', 'atRest'] as const) check(world, invariants, when);
      return world.violations.map(({ rule, story }) => `${rule}: ${story}`);
    },
  };
}

/** A service of one broker and one controller. */
export const smallService = { brokers: { count: 1 }, controllers: { count: 1 } };
