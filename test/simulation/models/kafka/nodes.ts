import { type ContainerRun, type RunningContainer, ServiceError } from '../../contract.ts';
import { formatFolder } from './format.ts';
import { joinsLeader } from './join.ts';
import { type NodeConfiguration, readNodeConfiguration } from './node-configuration.ts';
import { createElections, type Elections, isVoter, liveVoters, opensController } from './quorum.ts';
import { createRegistrations, type Registrations } from './registrations.ts';
import {
  between,
  type Disk,
  folderOf,
  isAlive,
  type KafkaWorld,
  type NodeProcess,
  type Quorum,
  whileAlive,
} from './state.ts';

/** Kafka gives up on a controlled shutdown after five minutes, and ends without it. */
const controlledShutdownLimitMs = 300_000;

export interface Nodes {
  start(run: ContainerRun): RunningContainer;
  /** The disk beneath a node is gone: it ends with an I/O error. */
  failDisk(disk: Disk): void;
  /** Lets every node of a cluster go on whose way may be free now. Harmless to repeat. */
  goOn(clusterId: string): void;
  readonly registrations: Registrations;
  readonly elections: Elections;
}

/** Kafka nodes as containers: from the start command to the exit code. */
export function createNodes(world: KafkaWorld): Nodes {
  const registrations = createRegistrations(world);
  const goOn = (clusterId: string): void => {
    for (const process of world.processes) if (process.configuration.clusterId === clusterId) advance(process);
  };
  const elections = createElections(world, (quorum) => {
    registrations.countSessions(quorum);
    goOn(quorum.clusterId);
  });
  const join = joinsLeader(world, { elections, goOn, die: (process) => exit(process, 1) });

  /** One step further on the way from the open port to a broker that takes clients, or from SIGTERM to the exit. */
  const advance = (process: NodeProcess): void => {
    if (process.phase === 'ending') shutDown(process);
    if (process.phase !== 'running') return;
    join(process);
    const { quorum } = folderOf(process);
    const { isBroker, neverRegisters } = process.configuration;
    if (!isBroker || neverRegisters || !process.caughtUp || quorum === undefined) return;
    registrations.advance(process, quorum);
  };

  const end = (process: NodeProcess): void => {
    if (!isAlive(process)) return;
    const quorum = process.disk.folder?.quorum;
    const wasVoter = quorum !== undefined && opensController(process) && isVoter(quorum, process);
    if (quorum !== undefined && process.attached) remember(world, quorum, process);
    process.phase = 'gone';
    world.processes.delete(process);
    if (process.disk.process === process) delete process.disk.process;
    if (quorum === undefined) return;
    // The session of one that lost its leader is counted since then.
    if (process.lastKnown === undefined) registrations.silent(process, quorum);
    if (wasVoter) elections.voterGone(quorum, process);
    goOn(quorum.clusterId);
  };
  const exit = (process: NodeProcess, exitCode: number): void => {
    if (!isAlive(process)) return;
    end(process);
    process.run.exited(exitCode);
  };
  const exitAfter = (process: NodeProcess, afterMs: number, exitCode: number): void =>
    whileAlive(world, process, { afterMs, what: `exits ${exitCode}` }, () => exit(process, exitCode));

  /** A broker asks the controllers to be let go; a controller that leads hands over. */
  const shutDown = (process: NodeProcess): void => {
    const quorum = process.disk.folder?.quorum;
    // Nobody lets it go whom nobody hears.
    if (process.busy || process.isZombie || quorum === undefined || process.lastKnown !== undefined) return;
    const begun = registrations.beginShutdown(process, quorum);
    if (begun === undefined) return;
    process.busy = true;
    const heartbeatMs = begun.led ? process.configuration.heartbeatMs + between(world.random, 50, 200) : 50;
    const afterMs = heartbeatMs + handOverMs(world, quorum, process, elections) + between(world.random, 150, 350);
    whileAlive(world, process, { afterMs, what: 'has shut down' }, () => {
      registrations.endShutdown(process, quorum);
      exit(process, 143);
    });
  };
  const terminate = (process: NodeProcess): void => {
    if (process.phase === 'script' || process.phase === 'booting') {
      process.phase = 'aborting';
      exitAfter(process, between(world.random, 10, 400), 143);
    } else if (process.phase === 'running') {
      process.phase = 'ending';
      process.busy = false;
      beginEnding(process);
    }
  };
  const beginEnding = (process: NodeProcess): void => {
    const folder = folderOf(process);
    if (folder.quorum === undefined) {
      exitAfter(process, between(world.random, 200, 600), 143);
      return;
    }
    whileAlive(world, process, { afterMs: controlledShutdownLimitMs, what: 'gives up its controlled shutdown' }, () => {
      if (process.brokerEpoch !== undefined) folder.cleanShutdownEpoch = process.brokerEpoch;
      exit(process, 143);
    });
    shutDown(process);
  };

  return {
    registrations,
    elections,
    goOn,
    failDisk(disk) {
      for (const process of [...world.processes]) if (process.disk === disk) exit(process, 1);
    },
    start(run) {
      const disk = mounted(world, run);
      const configuration = readNodeConfiguration(run);
      if ('exitCode' in configuration) return refused(world, run, configuration.exitCode);
      const process = newProcess(run, disk, configuration);
      world.processes.add(process);
      boot(world, process, { advance, elections, exitAfter });
      return { terminate: () => terminate(process), kill: () => end(process) };
    },
  };
}

interface Boot {
  readonly advance: (process: NodeProcess) => void;
  readonly elections: Elections;
  readonly exitAfter: (process: NodeProcess, afterMs: number, exitCode: number) => void;
}

/** bash, format if need be, JVM, open port. */
function boot(world: KafkaWorld, process: NodeProcess, { advance, elections, exitAfter }: Boot): void {
  const { random } = world;
  const open = (): void => {
    process.phase = 'running';
    const { quorum } = folderOf(process);
    if (quorum !== undefined && quorum.leader === undefined && isVoter(quorum, process)) {
      elections.elect(quorum, between(random, 20, 500));
    }
    advance(process);
  };
  const launch = (): void => {
    process.disk.process = process;
    process.phase = 'booting';
    whileAlive(world, process, { afterMs: between(random, 400, 2000), what: 'opens its ports' }, () => {
      if (process.phase !== 'booting') return;
      if (process.configuration.endsAtBoot || isPortTaken(world, process)) exitAfter(process, 50, 1);
      else open();
    });
  };
  const runScript = (): void => {
    if (process.phase !== 'script') return;
    // Kafka finds the .lock of another node that works there.
    const refusal = formatFolder(world, process) ?? (process.disk.process === undefined ? undefined : 1);
    if (refusal === undefined) launch();
    else exitAfter(process, between(random, 10, 800), refusal);
  };
  const formatMs = process.disk.folder === undefined ? between(random, 400, 600) : 0;
  whileAlive(world, process, { afterMs: between(random, 20, 200) + formatMs, what: 'has run its script' }, runScript);
}

/** How long the controller of an ending node takes to hand over its lead; a broker or a follower has none. */
function handOverMs(world: KafkaWorld, quorum: Quorum, process: NodeProcess, elections: Elections): number {
  // A node that is both needs its own lead until the controllers have let its broker go.
  if (quorum.leader !== process || process.configuration.isBroker) return 0;
  const others = liveVoters(world, quorum).filter((voter) => voter !== process);
  if (others.length === 0) return quorum.voters.size > 1 ? 5000 : 0;
  elections.resign(quorum);
  return 0;
}

/** What the leader goes on telling of a replica that does not fetch any more. */
function remember(world: KafkaWorld, quorum: Quorum, process: NodeProcess): void {
  const now = world.clock.now();
  const { nodeId, directoryId } = folderOf(process);
  const lastCaughtUpTimestamp = process.caughtUp ? now : -1;
  quorum.departed.set(directoryId, { id: nodeId, directoryId, lastFetchTimestamp: now, lastCaughtUpTimestamp });
}

/** Docker mounts the volume as XFS before the container starts. */
function mounted(world: KafkaWorld, run: ContainerRun): Disk {
  const disk = world.disks.get(run.volumeId ?? '');
  if (disk === undefined || !disk.hasFileSystem) {
    const reason = disk === undefined ? 'no such device' : 'wrong fs type, bad option, bad superblock';
    throw new ServiceError('CannotStartContainerError', `mounting ${run.volumeId} failed: ${reason}`);
  }
  const other = [...world.processes].find((process) => process.disk === disk);
  if (other !== undefined) {
    world.violations.push({
      rule: 'one-node-works-on-a-disk',
      story: `${run.taskArn} starts on ${disk.volumeId} while ${other.run.taskArn} runs there`,
    });
  }
  return disk;
}

function newProcess(run: ContainerRun, disk: Disk, configuration: NodeConfiguration): NodeProcess {
  const state = { attached: false, caughtUp: false, takesClients: false, isZombie: false, busy: false };
  return { run, disk, configuration, phase: 'script', ...state };
}

function refused(world: KafkaWorld, run: ContainerRun, exitCode: number): RunningContainer {
  let isOver = false;
  world.clock.after(between(world.random, 20, 800), `node ${run.taskArn} exits ${exitCode}`, () => {
    if (!isOver) run.exited(exitCode);
    isOver = true;
  });
  return {
    terminate: () => undefined,
    kill: () => {
      isOver = true;
    },
  };
}

function isPortTaken(world: KafkaWorld, process: NodeProcess): boolean {
  const ours = socketsOf(process);
  const isOpen = ({ phase }: NodeProcess): boolean => phase === 'running' || phase === 'ending';
  const others = [...world.processes].filter((other) => other !== process && isOpen(other));
  return others.some((other) => socketsOf(other).some((socket) => ours.includes(socket)));
}

function socketsOf({ configuration, run }: NodeProcess): readonly string[] {
  const { brokerListener, controllerListener } = configuration;
  return [brokerListener, controllerListener].flatMap((listener) =>
    listener === undefined ? [] : [`${run.host.instanceId}:${listener.port}`],
  );
}
