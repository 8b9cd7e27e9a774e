import type { HttpAnswer } from '../cloud/api-request.ts';
import type { Random } from '../contract.ts';
import type { Scene } from '../run/scene.ts';
import { wantedServices } from '../run/services.ts';
import type { Command } from './command.ts';

/** Part of an options document. */
export type Options = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The value that no broker boots with; another one puts it right. */
export const fatalOptions: Options = { kafka: { offsets_topic_num_partitions: 13 } };
export const harmlessOptions: Options = { kafka: { offsets_topic_num_partitions: 50 } };

/** What is changed, and how often: what Kafka takes as it runs, what takes a start, what changes no node. */
const changes: readonly [number, (random: Random) => Options][] = [
  [4, (random) => ({ kafka: { message_max_bytes: random.pick([1_048_588, 2_000_000, 3_000_000]) } })],
  [1, (random) => ({ kafka: { background_threads: random.pick([10, 14, 45]) } })],
  [4, (random) => ({ kafka: { offsets_topic_num_partitions: random.pick([50, 60, 70]) } })],
  [3, (random) => ({ kafka: { queued_max_requests: random.pick([500, 600, 700]) } })],
  [1, (random) => ({ kafka: { min_insync_replicas: random.pick([1, 2]) } })],
  [1, (random) => ({ brokers: { cpus: random.pick([0.5, 1]) } })],
  [1, (random) => ({ brokers: { mem: random.pick([2048, 3000]) } })],
  [1, (random) => ({ brokers: { heap: { size: random.pick([512, 700]) } } })],
  [1, (random) => ({ controllers: { heap: { size: random.pick([256, 300]) } } })],
  [1, () => fatalOptions],
  [1, (random) => ({ service: { minimum_soak_secs: random.pick([0, 20]) } })],
];

/** How it is walked, and what becomes of a canary that fails. Said together with a change. */
const strategies: readonly [number, (random: Random) => Options][] = [
  [6, () => ({})],
  [2, () => ({ service: { phase_strategy: 'INSTALL' } })],
  [2, () => ({ service: { phase_strategy: 'STAGE' } })],
  [1, () => ({ service: { deploy_strategy: 'serial-canary' } })],
  [2, () => ({ service: { deploy_strategy: 'parallel' } })],
  [1, () => ({ service: { deploy_strategy: 'parallel-canary' } })],
  [3, () => ({ service: { deploy_strategy: 'serial-canary', rollback: 'automatic', canary_limit_secs: 120 } })],
];

/** Changes that must be refused, whatever the state. */
const wrongChanges: readonly [Options, ...Options[]] = [
  { service: { name: 'another' } },
  { brokers: { disk: 9000 } },
  { brokers: { port: 9300 } },
  { controllers: { disk: 3000 } },
  { kafka: { log_dirs: '/etc' } },
  { kafka: { mesage_max_bytes: 1 } },
  { brokers: { count: 0 } },
];

function draw(random: Random, shares: readonly [number, (random: Random) => Options][]): Options {
  let drawn = random.below(shares.reduce((sum, [share]) => sum + share, 0));
  for (const [share, options] of shares) {
    if (drawn < share) return options(random);
    drawn -= share;
  }
  throw new Error('a draw is below the sum of the shares');
}

function merge(...parts: readonly Options[]): Options {
  const merged: Record<string, Readonly<Record<string, unknown>>> = {};
  for (const part of parts) {
    for (const [section, fields] of Object.entries(part)) merged[section] = { ...merged[section], ...fields };
  }
  return merged;
}

function drawChange(random: Random): Options {
  const second = random.chance(0.3) ? draw(random, changes) : {};
  return merge(draw(random, changes), second, draw(random, strategies));
}

/** PATCH /service/{name} */
export function patch(
  { send }: Pick<Scene, 'send'>,
  name: string,
  body: { readonly options?: Options; readonly replace?: boolean },
  query: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  return send({ method: 'PATCH', path: `/service/${name}`, query, body });
}

/** Somebody changes the options of a service. */
export function update(name: string): Command {
  return {
    what: `update ${name}`,
    act: async (scene, random) => void (await patch(scene, name, { options: drawChange(random) })),
  };
}

/** Two people change one service at the same instant. */
export function updateTwice(name: string): Command {
  return {
    what: `update ${name} twice at once`,
    act: async (scene, random) => {
      const both = [drawChange(random), drawChange(random)];
      await Promise.all(both.map((options) => patch(scene, name, { options })));
    },
  };
}

/** A service gets one more broker. */
export function addBroker(name: string): Command {
  return {
    what: `add a broker to ${name}`,
    act: async (scene) => {
      const service = wantedServices(scene.world).find((wanted) => wanted.name === name);
      const count = (service?.brokerIds.length ?? 0) + 1;
      // Hosts are few: what finds no room waits until the trouble ends.
      if (count <= 4) await patch(scene, name, { options: { brokers: { count } } });
    },
  };
}

/** The options go back to what they were at the install: other ones are forgotten. */
export function goBack(name: string): Command {
  return {
    what: `put ${name} back to its defaults`,
    act: async (scene) => {
      const service = wantedServices(scene.world).find((wanted) => wanted.name === name);
      if (service === undefined) return;
      const { brokerIds, controllerIds } = service;
      const isCombined = controllerIds.every((id) => brokerIds.includes(id));
      const controllers = isCombined ? { mode: 'combined' } : { count: controllerIds.length };
      const options = { service: { name }, brokers: { count: brokerIds.length }, controllers };
      await patch(scene, name, { options, replace: true });
    },
  };
}

/** The same again changes nothing. */
export function repeat(name: string): Command {
  return {
    what: `update ${name} to what it is`,
    act: async (scene) => void (await patch(scene, name, { options: {} })),
  };
}

/** An update that must be refused. */
export function updateWrongly(name: string): Command {
  return {
    what: `update ${name} wrongly`,
    act: async (scene, random) => {
      const options = random.pick(wrongChanges);
      const { status } = await patch(scene, name, { options });
      if (status < 200 || status >= 300) return;
      const story = `${JSON.stringify(options)} was answered ${status}`;
      scene.world.violations.push({ rule: 'I12: a wrong update is refused', story });
    },
  };
}

const longestThoughtMs = 90_000;

/** Somebody looks at what an update would do, thinks about it, and applies it; meanwhile others may change the service. */
export function preview(name: string): Command {
  return {
    what: `preview an update of ${name}`,
    act: async (scene, random) => {
      const { body, status } = await patch(scene, name, { options: drawChange(random) }, { preview: 'true' });
      const { planId }: { planId?: string } = Object(body);
      if (status !== 200 || planId === undefined) return;
      if (random.chance(0.4)) await patch(scene, name, { options: drawChange(random) });
      const { clock } = scene.world;
      await new Promise<void>((resolve) => clock.after(random.below(longestThoughtMs), 'a thought', resolve));
      const times = random.chance(0.3) ? 2 : 1;
      for (let sent = 0; sent < times; sent++) {
        await scene.send({ method: 'POST', path: `/service/${name}/v1/plans/${planId}/start` });
      }
    },
  };
}

/** Somebody sets a dynamic config of a broker with Kafka's own tool. */
export const setByHand: Command = {
  what: 'set a dynamic config by hand',
  act(scene, random) {
    for (const { name, clusterId, brokerIds } of wantedServices(scene.world)) {
      const brokerId = brokerIds[random.below(brokerIds.length)] ?? 0;
      const override = { brokerId, name: 'log.cleaner.backoff.ms', value: '20000' };
      if (!scene.world.kafka.setOverride(clusterId, override)) continue;
      scene.world.story.tell(`TROUBLE ${override.name} of broker ${brokerId} of ${name} is set by hand`);
      scene.noteOverride({ clusterId, ...override });
    }
  },
};
