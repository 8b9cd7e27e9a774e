import type { Command, TimedCommand } from '../commands/command.ts';
import { createTopic } from '../commands/kafka-users.ts';
import { askWrongly, install, lookAround, uninstall, type WantedService } from '../commands/operator.ts';
import {
  abortExecution,
  disconnectAgent,
  failStart,
  killProcess,
  loseHost,
  rebootHost,
  stickVolume,
} from '../commands/trouble.ts';
import type { Random } from '../contract.ts';
import { createHost } from '../world.ts';

/** What is done to a world, and for how long it may go wrong. */
export interface Scenario {
  readonly hosts: number;
  /** Faults and troubles end so long after the beginning. */
  readonly troubledMs: number;
  readonly commands: readonly TimedCommand[];
  /** Whether every service is taken away at the end. */
  readonly endsEmpty: boolean;
  /** A host is lost for good: its nodes wait for an operator, so only safety is asked for. */
  readonly losesHost: boolean;
}

const names = ['kafka', 'orders'] as const;
const minuteMs = 60_000;

/** A scenario by chance. */
export function drawScenario(random: Random): Scenario {
  const troubledMs = random.pick([2, 5, 10, 20] as const) * minuteMs;
  const first: TimedCommand = { ...install(drawService(random, 'kafka')), atMs: 0 };
  const count = random.below(9);
  const commands = Array.from({ length: count }, () => ({ ...drawCommand(random), atMs: random.below(troubledMs) }));
  const losesHost = random.chance(0.1);
  const lost = losesHost ? [{ ...loseHost, atMs: random.below(troubledMs) }] : [];
  return {
    hosts: 3 + random.below(3),
    troubledMs,
    commands: [first, ...lost, ...commands].toSorted((left, right) => left.atMs - right.atMs),
    endsEmpty: random.chance(0.3),
    losesHost,
  };
}

function drawService(random: Random, name: string): WantedService {
  if (random.chance(0.15)) return { name, brokers: 1, controllers: 'combined' };
  return { name, brokers: 1 + random.below(3), controllers: random.pick([1, 3] as const) };
}

function drawCommand(random: Random): Command {
  const drawn = random.below(100);
  if (drawn < 14) return install(drawService(random, random.pick(names)));
  if (drawn < 26) return uninstall(random.pick(names), random.chance(0.3));
  if (drawn < 32) return askWrongly;
  if (drawn < 38) return lookAround;
  if (drawn < 48) return createTopic;
  if (drawn < 66) return killProcess;
  if (drawn < 74) return rebootHost;
  if (drawn < 80) return disconnectAgent;
  if (drawn < 88) return abortExecution;
  if (drawn < 94) return failStart;
  if (drawn < 97) return stickVolume;
  return addHost;
}

/** A host joins. */
const addHost: Command = {
  what: 'add a host',
  act({ world }) {
    world.aws.addHost(createHost(world.aws.hosts().length + 10));
  },
};
