import type { Command, TimedCommand } from '../commands/command.ts';
import { fenceHost, silenceHost } from '../commands/hosts.ts';
import { createTopic } from '../commands/kafka-users.ts';
import { replaceNode, speakOfNode } from '../commands/nodes.ts';
import { askWrongly, install, lookAround, uninstall, type WantedService } from '../commands/operator.ts';
import { fightForNode, installTogether, reconcileNow, replace } from '../commands/races.ts';
import { sayToService } from '../commands/sleep.ts';
import { steer } from '../commands/steering.ts';
import {
  abortExecution,
  disconnectAgent,
  drainHost,
  failStart,
  forgetHost,
  hideFreshVolumes,
  killAgainAndAgain,
  killProcess,
  loseHost,
  loseZone,
  rebootHost,
  showStaleReads,
  slowPulls,
  stickVolume,
} from '../commands/trouble.ts';
import {
  addBroker,
  goBack,
  preview,
  repeat,
  setByHand,
  update,
  updateTwice,
  updateWrongly,
} from '../commands/updates.ts';
import { loseVolume, takeSnapshots } from '../commands/volumes.ts';
import type { Random } from '../contract.ts';
import { beginsAt } from '../kernel/timeline.ts';
import { createHost } from '../world.ts';

/** What is done to a world, and for how long it may go wrong. */
export interface Scenario {
  readonly hosts: number;
  /** Faults and troubles end so long after the beginning. */
  readonly troubledMs: number;
  readonly commands: readonly TimedCommand[];
  /** Whether every service is taken away at the end. */
  readonly endsEmpty: boolean;
}

/** The first one is there from the beginning, in most seeds. */
const names = ['kafka', 'kafka', 'kafka', 'orders'] as const;
const minuteMs = 60_000;

/** A scenario by chance. */
export function drawScenario(random: Random): Scenario {
  const troubledMs = random.pick([2, 5, 10, 20] as const) * minuteMs;
  const first: TimedCommand = { ...install(drawService(random, 'kafka')), atMs: 0 };
  const count = random.below(random.pick([9, 9, 9, 20] as const));
  const commands = Array.from({ length: count }, () => ({ ...drawCommand(random), atMs: random.below(troubledMs) }));
  const losesHost = random.chance(0.1);
  const silenced = drawSilence(random.fork('silence'), troubledMs);
  const ofZones = random.fork('zones');
  const zone = ofZones.chance(0.15) ? [{ ...loseZone, atMs: ofZones.below(troubledMs) }] : [];
  const lost = losesHost ? [{ ...random.pick([loseHost, forgetHost]), atMs: random.below(troubledMs) }] : [];
  const ofVolumes = drawLostVolume(random.fork('volumes'), troubledMs);
  const replacements = drawReplacements(random.fork('replacements'), troubledMs);
  return {
    hosts: 3 + random.below(3),
    troubledMs,
    commands: [
      first,
      ...drawConditions(random),
      ...lost,
      ...silenced,
      ...zone,
      ...drawSleep(random.fork('sleep'), troubledMs),
      ...commands,
      ...replacements,
      ...ofVolumes,
      ...drawCrashLoop(random.fork('crash loop'), troubledMs),
    ].toSorted((left, right) => left.atMs - right.atMs),
    endsEmpty: random.chance(0.3),
  };
}

/** In one seed of five a host falls silent, and often somebody ends one then. */
function drawSilence(random: Random, troubledMs: number): readonly TimedCommand[] {
  if (!random.chance(0.2)) return [];
  const atMs = random.below(troubledMs);
  const fences = Array.from({ length: random.below(3) }, () => ({ ...fenceHost, atMs: random.below(troubledMs) }));
  return [{ ...silenceHost, atMs }, ...fences];
}

/** In every second seed, late enough for nodes to be there: replacements that meet each other and the troubles. */
function drawReplacements(random: Random, troubledMs: number): readonly TimedCommand[] {
  if (random.chance(0.5)) return [];
  const lateMs = () => troubledMs / 2 + random.below(troubledMs / 2);
  const some = Array.from({ length: 1 + random.below(5) }, () => ({ ...replaceNode('kafka'), atMs: lateMs() }));
  return [...(random.chance(0.7) ? [{ ...createTopic, atMs: troubledMs / 2 }] : []), ...some];
}

/** In one seed of five. */
function drawCrashLoop(random: Random, troubledMs: number): readonly TimedCommand[] {
  return random.chance(0.2) ? [{ ...killAgainAndAgain, atMs: random.below(troubledMs) }] : [];
}

/** In some seeds, often after somebody has taken snapshots. */
function drawLostVolume(random: Random, troubledMs: number): readonly TimedCommand[] {
  if (!random.chance(0.25)) return [];
  const atMs = troubledMs / 2 + random.below(troubledMs / 2);
  const snapshots = random.chance(0.5) ? [{ ...takeSnapshots, atMs: random.below(atMs) }] : [];
  return [...snapshots, { ...loseVolume, atMs }];
}

function drawService(random: Random, name: string): WantedService {
  const failover = {
    ...drawFailover(random.fork(`failover of ${name}`)),
    ...drawReplacement(random.fork(`replacement of ${name}`)),
  };
  if (random.chance(0.15)) return { name, brokers: 1, controllers: 'combined', ...failover };
  return { name, brokers: 1 + random.below(3), controllers: random.pick([1, 3] as const), ...failover };
}

/** Delay and longest delay, whose steps the rule of the delay knows. */
const failoverDelays: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['5s', '5s'],
  ['2s', '1m'],
  ['20s', '2m'],
];

/** The same for each service of a name. In half of the seeds a node is given up that fails again and again. */
function drawFailover(random: Random): Pick<WantedService, 'failover'> {
  const tries = random.chance(0.5) ? { failover_max_tries: random.pick([1, 1, 2, 4] as const) } : {};
  if (random.chance(0.6)) return { failover: tries };
  const [failover_delay, failover_max_delay] = random.pick(failoverDelays);
  return { failover: { failover_delay, failover_max_delay, ...tries } };
}

/** In a third of the stories a service hibernates, often to be resumed before it sleeps, or soon after. */
function drawSleep(random: Random, troubledMs: number): readonly TimedCommand[] {
  if (!random.chance(0.35)) return [];
  const name = random.pick(names);
  const fallsAsleepAt = random.below(troubledMs);
  const wakesAt = fallsAsleepAt + random.below(random.pick([20_000, 90_000, 600_000] as const));
  const dreams = random.chance(0.3) ? [{ ...sayToService(name, 'hibernate'), atMs: random.below(troubledMs) }] : [];
  const wakes = random.chance(0.7) ? [{ ...sayToService(name, 'resume'), atMs: wakesAt }] : [];
  return [{ ...sayToService(name, 'hibernate'), atMs: fallsAsleepAt }, ...wakes, ...dreams];
}

/** The same for each service of a name. */
function drawReplacement(random: Random): Pick<WantedService, 'replacement'> {
  if (random.chance(0.5)) return {};
  const recover_in_place_grace_period_secs = random.pick([60, 180, 600] as const);
  const min_delay_between_recovers_secs = random.pick([0, 120, 600] as const);
  return {
    replacement: {
      enable_replacement: true,
      recover_in_place_grace_period_secs,
      min_delay_between_recovers_secs,
    },
  };
}

/** What the world is like from the beginning, until the troubles end. */
function drawConditions(random: Random): readonly TimedCommand[] {
  const volumesMs = random.pick([0, 0, 2_000, 15_000] as const);
  const readsMs = random.pick([0, 0, 3_000] as const);
  const pullsMs = random.pick([0, 0, 20_000, 60_000] as const);
  const conditions = [
    ...(volumesMs === 0 ? [] : [hideFreshVolumes(volumesMs)]),
    ...(readsMs === 0 ? [] : [showStaleReads(readsMs)]),
    ...(pullsMs === 0 ? [] : [slowPulls(pullsMs)]),
  ];
  return conditions.map((condition) => ({ ...condition, atMs: 0 }));
}

/** Commands and their shares; the draw of one changes no other. */
const shares: readonly (readonly [number, (random: Random) => Command])[] = [
  [10, (random) => install(drawService(random, random.pick(names)))],
  [3, drawTogether],
  [9, (random) => uninstall(random.pick(names), random.chance(0.3))],
  [4, (random) => replace(drawService(random, random.pick(names)))],
  [5, () => askWrongly],
  [5, () => lookAround],
  [9, () => createTopic],
  [15, () => killProcess],
  [8, () => rebootHost],
  [6, () => disconnectAgent],
  [6, () => abortExecution],
  [7, () => fightForNode],
  [4, () => drainHost],
  [3, () => reconcileNow],
  [5, () => failStart],
  [3, () => stickVolume],
  [2, () => addHost],
  [24, (random) => update(random.pick(names))],
  [4, (random) => updateTwice(random.pick(names))],
  [4, (random) => addBroker(random.pick(names))],
  [5, (random) => goBack(random.pick(names))],
  [2, (random) => repeat(random.pick(names))],
  [4, (random) => updateWrongly(random.pick(names))],
  [6, (random) => preview(random.pick(names))],
  [26, (random) => steer(random.pick(names))],
  [5, () => setByHand],
  [22, (random) => speakOfNode(random.pick(names))],
];

function drawCommand(random: Random): Command {
  let drawn = random.below(shares.reduce((sum, [share]) => sum + share, 0));
  for (const [share, draw] of shares) {
    if (drawn < share) return draw(random);
    drawn -= share;
  }
  throw new Error('a draw is below the sum of the shares');
}

/** Of one name or of two. */
function drawTogether(random: Random): Command {
  return installTogether(drawService(random, random.pick(names)), drawService(random, random.pick(names)));
}

/** A host joins. */
const addHost: Command = {
  what: 'add a host',
  act({ world }) {
    // By the time: hosts that ended are listed no more, and no id comes twice.
    world.aws.addHost(createHost(1_000 + (world.clock.now() - beginsAt)));
  },
};
