import type { Random } from '../contract.ts';
import type { Scene } from '../run/scene.ts';
import { createHost } from '../world.ts';
import type { Command } from './command.ts';
import { hostsThatMayEnd } from './hosts-that-may-end.ts';

const longestTroubleMs = 400_000;

/** The kernel kills a process. */
export const killProcess: Command = {
  what: 'kill a process',
  act({ world }, random) {
    const run = pickOne(random, [...world.containers.values()]);
    if (run === undefined) return;
    world.story.tell(`TROUBLE kill ${run.startedBy}`);
    world.faults.hit('broker killed');
    world.aws.killTask(run.taskArn);
  },
};

const diesEveryMs = 2_000;
const mostDeaths = 60;

/** For two minutes the process of one node dies soon after each start: more often than some services have tries for. */
export const killAgainAndAgain: Command = {
  what: 'kill a node again and again',
  act({ world }, random) {
    const nodes = [...world.containers.values()].flatMap(
      ({ startedBy }) => /^warden\/[^/]+\/\d+\/node\//.exec(startedBy)?.[0] ?? [],
    );
    const node = pickOne(random, nodes);
    if (node === undefined) return;
    world.story.tell(`TROUBLE ${node} dies again and again`);
    world.faults.hit('node killed again and again');
    for (let death = 0; death < mostDeaths; death++) {
      world.clock.after(death * diesEveryMs, 'a node dies again', () => {
        for (const run of [...world.containers.values()])
          if (run.startedBy.startsWith(node)) world.aws.killTask(run.taskArn);
      });
    }
  },
};

/** A host goes down, by a shutdown or without its power, and comes back. */
export const rebootHost: Command = {
  what: 'reboot a host',
  act(scene, random) {
    const host = pickOne(random, scene.world.aws.hosts());
    if (host === undefined) return;
    const { world } = scene;
    const isOrderly = random.chance(0.4);
    world.story.tell(`TROUBLE ${host.instanceId} ${isOrderly ? 'is shut down' : 'loses its power'}`);
    world.faults.hit('host rebooted');
    if (isOrderly) world.aws.stopHost(host.instanceId);
    else world.aws.crashHost(host.instanceId);
    later(scene, random, () => ifStillThere(world, host.instanceId, world.aws.startHost));
  },
};

/** A host is gone for good: its nodes wait for an operator, and must not run twice meanwhile. */
export const loseHost: Command = {
  what: 'lose a host',
  act({ world }, random) {
    const host = pickOne(random, world.aws.hosts());
    if (host === undefined || !hostsThatMayEnd(world).includes(host)) return;
    world.story.tell(`TROUBLE ${host.instanceId} is terminated`);
    world.faults.hit('host lost');
    world.aws.loseHost(host.instanceId);
  },
};

/** Longer than the grace periods of most services, or not. */
const longestZoneLossMs = 40 * 60_000;

/** All hosts of a zone are gone for good, and another one comes late. */
export const loseZone: Command = {
  what: 'lose a zone',
  act({ world }, random) {
    const lost = pickOne(random, world.aws.hosts());
    const mayEnd = hostsThatMayEnd(world);
    if (lost === undefined || world.aws.hosts().some((host) => host.zone === lost.zone && !mayEnd.includes(host)))
      return;
    world.story.tell(`TROUBLE ${lost.zone} is lost`);
    world.faults.hit('zone lost');
    for (const { instanceId, zone } of world.aws.hosts()) if (zone === lost.zone) world.aws.loseHost(instanceId);
    const host = [0, 1, 2].map((index) => createHost(400 + index)).find(({ zone }) => zone === lost.zone);
    world.clock.after(random.below(longestZoneLossMs), 'the zone comes back', () => {
      if (host !== undefined && !world.aws.isTerminated(host.instanceId) && !isThere(world, host.instanceId))
        world.aws.addHost(host);
    });
  },
};

function isThere({ aws }: Scene['world'], instanceId: string): boolean {
  return aws.hosts().some((host) => host.instanceId === instanceId);
}

/** Somebody wants a host to be empty: its nodes move away one by one, where another one has room. */
export const drainHost: Command = {
  what: 'drain a host',
  act({ world }, random) {
    const host = pickOne(random, world.aws.hosts());
    // A controller whose process ends there comes up elsewhere.
    if (host === undefined || !hostsThatMayEnd(world).includes(host)) return;
    world.story.tell(`TROUBLE ${host.instanceId} drains`);
    world.faults.hit('host drained');
    world.aws.drainHost(host.instanceId);
  },
};

/** Longer than any trouble: so late somebody looks after the machine. */
const unnoticedMs = 25 * 60_000;

/**
 * A host leaves the cluster by force: ECS calls its tasks stopped and proves nothing, its processes go on, until in the
 * end somebody terminates it.
 */
export const forgetHost: Command = {
  what: 'forget a host',
  act({ world }, random) {
    const host = pickOne(random, world.aws.hosts());
    if (host === undefined || !hostsThatMayEnd(world).includes(host)) return;
    world.story.tell(`TROUBLE ${host.instanceId} is deregistered by force`);
    world.faults.hit('host forgotten');
    world.aws.forgetHost(host.instanceId);
    world.clock.after(unnoticedMs, 'somebody ends the machine', () =>
      ifStillThere(world, host.instanceId, world.aws.loseHost),
    );
  },
};

/** EC2 does not know a volume for a while after it made it. */
export function hideFreshVolumes(hiddenForMs: number): Command {
  return {
    what: `fresh volumes are hidden for ${hiddenForMs} ms`,
    act({ world }) {
      world.faults.hit('fresh volumes hidden');
      world.aws.hideFreshVolumes(hiddenForMs);
    },
  };
}

/** Reads that are not consistent show what was. */
export function showStaleReads(staleForMs: number): Command {
  return {
    what: `reads are stale by ${staleForMs} ms`,
    act({ world }) {
      world.faults.hit('reads stale');
      world.aws.showStaleReads(staleForMs);
    },
  };
}

/** The registry of images is slow. */
export function slowPulls(extraMs: number): Command {
  return {
    what: `images take up to ${extraMs} ms longer`,
    act({ world }) {
      world.faults.hit('image pulled slowly');
      world.aws.slowPulls(extraMs);
    },
  };
}

/** A host's agent is out of touch for a while. */
export const disconnectAgent: Command = {
  what: 'disconnect an agent',
  act(scene, random) {
    const host = pickOne(random, scene.world.aws.hosts());
    if (host === undefined) return;
    const { world } = scene;
    world.story.tell(`TROUBLE the agent of ${host.instanceId} is disconnected`);
    world.faults.hit('agent disconnected');
    world.aws.disconnectAgent(host.instanceId);
    later(scene, random, () => ifStillThere(world, host.instanceId, world.aws.connectAgent));
  },
};

/** An operator stops an execution in the console. */
export const abortExecution: Command = {
  what: 'abort an execution',
  act({ world }, random) {
    const running = world.stepFunctions.executions().filter(({ status }) => status === 'RUNNING');
    const execution = pickOne(random, running);
    if (execution === undefined) return;
    world.story.tell(`TROUBLE abort ${execution.machine} ${execution.name}`);
    world.faults.hit('execution aborted');
    world.stepFunctions.abort(execution.arn);
  },
};

/** The next container does not start. */
export const failStart: Command = {
  what: 'fail the next start',
  act({ world }, random) {
    world.faults.hit('task start failed');
    world.aws.failNextStart(
      random.pick(['CannotPullContainerError: timeout', 'CannotStartContainerError', 'CannotCreateContainerError']),
    );
  },
};

/** What is under way with a volume does not end for a while. */
export const stickVolume: Command = {
  what: 'a volume is stuck',
  act(scene, random) {
    const { world } = scene;
    const volume = pickOne(
      random,
      world.aws.volumes().filter(({ isRoot, state }) => !isRoot && state !== 'deleted'),
    );
    if (volume === undefined) return;
    world.story.tell(`TROUBLE ${volume.id} is stuck`);
    world.faults.hit('volume stuck');
    world.aws.stickVolume(volume.id);
    later(scene, random, () => world.aws.releaseVolume(volume.id));
  },
};

/** Everything that somebody has to mend is mended. */
export function mendEverything({ world }: Scene): void {
  const { aws } = world;
  world.story.tell('the trouble ends');
  for (const { instanceId } of aws.hosts()) {
    aws.startHost(instanceId);
    aws.connectAgent(instanceId);
  }
  for (const { id, isStuck } of aws.volumes()) if (isStuck) aws.releaseVolume(id);
  aws.hideFreshVolumes(0);
  aws.showStaleReads(0);
  aws.slowPulls(0);
}

/** A host may have been lost for good meanwhile. */
function ifStillThere({ aws }: Scene['world'], instanceId: string, act: (instanceId: string) => void): void {
  if (aws.hosts().some((host) => host.instanceId === instanceId)) act(instanceId);
}

function later({ world }: Scene, random: Random, action: () => void): void {
  world.clock.after(random.below(longestTroubleMs), 'the end of a trouble', action);
}

function pickOne<Item>(random: Random, items: readonly Item[]): Item | undefined {
  return items[random.below(Math.max(1, items.length))];
}
