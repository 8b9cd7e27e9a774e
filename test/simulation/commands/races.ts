import { type Random, simulatedPlace } from '../contract.ts';
import type { Scene } from '../run/scene.ts';
import type { Command } from './command.ts';
import { install, uninstall, type WantedService } from './operator.ts';

const { region, accountId } = simulatedPlace;
const reconcileArn = `arn:aws:states:${region}:${accountId}:stateMachine:Warden-reconcile`;
const secondMs = 1_000;
/** Around the time after which a lease may be taken from an execution that has ended. */
const longestFightMs = 40 * secondMs;
/** An uninstall takes a minute or two; whoever asks again and again finds the moment of its end. */
const askEveryMs = 700;
const mostAsks = 400;

/** Somebody starts sweeps by hand, beside the one of the schedule. */
export const reconcileNow: Command = {
  what: 'reconcile at once',
  act({ world }, random) {
    world.faults.hit('reconcile at once');
    for (let times = 1 + random.below(3); times > 0; times--) world.stepFunctions.startByRule(reconcileArn, '{}');
  },
};

/**
 * Within a minute a node's process dies, executions of its service are stopped, and sweeps look for what is missing: the
 * dead execution's last function, its successor, a recovery and the plan's next run meet at one lease.
 */
export const fightForNode: Command = {
  what: 'fight for a node',
  act(scene, random) {
    const { world } = scene;
    world.faults.hit('node fought for');
    for (let times = 2 + random.below(5); times > 0; times--) {
      const strike = random.pick([abortOne, abortOne, killOne, killOne, sweep]);
      world.clock.after(random.below(longestFightMs), 'a fight', () => strike(scene, random));
    }
  },
};

function sweep(scene: Scene, random: Random): void {
  void reconcileNow.act(scene, random);
}

function abortOne({ world }: Scene, random: Random): void {
  const acting = world.stepFunctions
    .executions()
    .filter(({ status, machine }) => status === 'RUNNING' && machine !== 'reconcile');
  const execution = acting[random.below(Math.max(1, acting.length))];
  if (execution === undefined) return;
  world.story.tell(`TROUBLE abort ${execution.machine} ${execution.name}`);
  world.stepFunctions.abort(execution.arn);
}

function killOne({ world }: Scene, random: Random): void {
  const runs = [...world.containers.values()];
  const run = runs[random.below(Math.max(1, runs.length))];
  if (run === undefined) return;
  world.story.tell(`TROUBLE kill ${run.startedBy}`);
  world.aws.killTask(run.taskArn);
}

/** Two people install at the same instant. */
export function installTogether(first: WantedService, second: WantedService): Command {
  const [one, other] = [install(first), install(second)];
  return {
    what: `${one.what}, and at the same instant ${other.what}`,
    act: async (scene, random) => {
      await Promise.all([one.act(scene, random), other.act(scene, random)]);
    },
  };
}

/** A service goes, and another one of its name comes the moment the name is free. */
export function replace(next: WantedService): Command {
  const leave = uninstall(next.name, false);
  return {
    what: `replace ${next.name}: ${next.brokers} brokers, controllers ${next.controllers}`,
    act: async (scene, random) => {
      const { clock } = scene.world;
      await leave.act(scene, random);
      for (let asked = 0; asked < mostAsks; asked++) {
        const before = scene.sent.length;
        await install(next).act(scene, random);
        if (scene.sent.slice(before).some(({ type, answer }) => type === 'install' && answer === 'accepted')) return;
        await new Promise<void>((resolve) => clock.after(askEveryMs, 'the next try to install', resolve));
      }
    },
  };
}
