import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { addressesOf } from '../proof/heals/leaders.ts';
import { nodesSeen } from '../proof/heals/nodes.ts';
import { Load, type LoadTally } from '../proof/rolls/load/load.ts';
import { BareCluster } from './bare-cluster.ts';
import type { BenchArguments, Part, Side } from './bench-arguments.ts';
import { orderOf } from './bench-arguments.ts';
import { type Crash, type CrashSeen, seeCrash } from './crash.ts';
import type { ExecutionCost } from './histories.ts';
import { createTopic, topic } from './kafka-tool.ts';
import type { LoadSeen, Measurement, NodeTime, Quantity } from './measurement.ts';
import { rollByShellLoop } from './shell-roll.ts';
import type { TimedPlan, WardenSide } from './warden-side.ts';

/** What both sides are given: small enough that six processes and the load fit on two processors. */
export const options = {
  brokers: { count: 3, cpus: 0.4, mem: 1024, heap: { size: 384 }, disk: 5000 },
  controllers: { count: 3, cpus: 0.2, mem: 512, heap: { size: 256 }, disk: 1000 },
};

/** The timers that Warden sets otherwise. Source: Kafka's own configuration. */
const kafkaDefaults = { kafka: { broker_heartbeat_interval_ms: 2000, replica_fetch_backoff_ms: 1000 } };

/** What a call and an event take on AWS, about. */
const lateness = { callMs: 40, eventMs: 500 };

/** Under which names what is seen of a crash is kept. */
interface CrashNames {
  readonly leaders?: Quantity;
  readonly gap?: Quantity;
  readonly recovery?: Quantity;
  readonly gapWhenBack?: Quantity;
}

const ofBroker: CrashNames = {
  ...{ leaders: 'leaders moved after a crash', gap: 'partition gap after a crash' },
  ...{ recovery: 'recovery of a broker', gapWhenBack: 'partition gap when a broker is back' },
};
const ofBareRecovery: CrashNames = {
  recovery: 'bare recovery of a broker',
  gapWhenBack: 'partition gap when a broker is back, bare',
};
const ofBrokerWithDefaults: CrashNames = {
  leaders: 'leaders moved after a crash with defaults',
  gap: 'partition gap after a crash with defaults',
};
const ofBoth: CrashNames = {
  leaders: 'leaders moved after a crash with the controller',
  gap: 'partition gap after a crash with the controller',
};
const ofBothWithDefaults: CrashNames = {
  leaders: 'leaders moved after a crash with the controller and defaults',
  gap: 'partition gap after a crash with the controller and defaults',
};

/** Runs the rounds and keeps what they measure. At most one cluster lives at a time. */
export class Rounds {
  readonly measurements: Measurement[] = [];
  /** What each restart of a broker by Warden cost Step Functions. */
  readonly costs: ExecutionCost[] = [];
  readonly #given: BenchArguments;
  readonly #warden: WardenSide;
  readonly #folder: string;
  #bare: BareCluster | undefined;
  #load: Load | undefined;
  #round = 0;
  #fresh = 0;

  constructor(given: BenchArguments, warden: WardenSide, folder: string) {
    this.#given = given;
    this.#warden = warden;
    this.#folder = folder;
  }

  async run(onRound: () => void): Promise<void> {
    for (this.#round = 1; this.#round <= this.#given.rounds; this.#round++) {
      for (const side of orderOf(this.#round)) await this.#runSide(side);
      onRound();
    }
  }

  /** Ends what a broken round leaves. Idempotent. */
  async end(): Promise<void> {
    await this.#load?.stop();
    await this.#bare?.kill();
  }

  /** A read-only property of brokers alone, another value each time. */
  freshChange(): object {
    this.#fresh += 1;
    return { kafka: { group_initial_rebalance_delay_ms: 2000 + this.#fresh } };
  }

  async #runSide(side: Side): Promise<void> {
    switch (side) {
      case 'bare':
        return this.#runBare();
      case 'warden':
        return this.#runWarden();
      case 'defaults':
        return this.#runDefaults();
    }
  }

  /** The floor: the same processes and properties, no control plane. */
  async #runBare(): Promise<void> {
    const cluster = this.#newBare('bare', options);
    await this.#bareTimed('bare boot', () => cluster.boot());
    if (this.#measures('roll', 'controllers', 'late', 'crash')) await createTopic(cluster.bootstrap);
    if (this.#measures('roll', 'late'))
      await this.#bareTimed('bare roll of brokers', () => cluster.rollBrokers({ release: true }));
    if (this.#measures('controllers'))
      await this.#bareTimed('bare roll of controllers', () => cluster.rollControllers());
    if (this.#measures('crash')) await this.#bareRecovery(cluster);
    await cluster.stop();
  }

  async #runWarden(): Promise<void> {
    this.#keepPlan('deploy', await this.#warden.deploy(options));
    const rolls = this.#measures('roll', 'controllers', 'late', 'defaults', 'shell', 'gap', 'crash');
    if (rolls) await createTopic(await this.#warden.service.bootstrap());
    if (this.#measures('roll', 'defaults', 'shell')) {
      const plan = await this.#warden.update(this.freshChange());
      this.#keepPlan('roll of brokers', plan);
      this.costs.push(...plan.brokerCosts);
    }
    if (this.#measures('controllers')) {
      const heap = { size: options.controllers.heap.size + this.#round };
      this.#keepPlan('roll of controllers', await this.#warden.update({ controllers: { heap } }));
    }
    if (this.#measures('late')) {
      await this.#warden.delay(lateness);
      // Its functions are cold, those of the roll on time were not.
      await this.#warden.update(this.freshChange());
      this.#keepPlan('late roll of brokers', await this.#warden.update(this.freshChange()));
      await this.#warden.delay(undefined);
    }
    if (this.#measures('gap')) {
      await this.#gap('partition gap in a roll', await this.#warden.service.bootstrap(), async () => {
        return (await this.#warden.update(this.freshChange())).nodes;
      });
    }
    if (this.#measures('crash')) await this.#wardenCrashes();
    await this.#warden.uninstall();
  }

  /** What people have today: Kafka's default timers, no release of registrations. */
  async #runDefaults(): Promise<void> {
    if (!this.#measures('defaults', 'shell', 'gap', 'crash')) return;
    const cluster = this.#newBare('defaults', { ...options, ...kafkaDefaults });
    await cluster.boot();
    await createTopic(cluster.bootstrap);
    const roll = () => cluster.rollBrokers({ release: false });
    if (this.#measures('defaults')) await this.#bareTimed('roll of brokers with default timers', roll);
    if (this.#measures('shell'))
      await this.#bareTimed('roll of brokers by the shell loop', () => rollByShellLoop(cluster));
    if (this.#measures('gap')) await this.#gap('partition gap with default timers', cluster.bootstrap, roll);
    if (this.#measures('crash')) await this.#bareCrashes(cluster);
    await cluster.stop();
  }

  #newBare(name: string, document: object): BareCluster {
    const [first = '127', second = '86'] = this.#given.addresses.split('.');
    const addresses = `${first}.${Number(second) + 1}`;
    const folder = join(this.#folder, `${name}-${this.#round}`);
    this.#bare = new BareCluster({ folder, addresses, options: document });
    return this.#bare;
  }

  async #bareTimed(quantity: Quantity, work: () => Promise<NodeTime[]>): Promise<void> {
    const startedAt = performance.now();
    const nodes = await work();
    this.#keep({ quantity, value: (performance.now() - startedAt) / 1000, nodes });
  }

  #keepPlan(quantity: Quantity, { seconds, nodes }: TimedPlan): void {
    this.#keep({ quantity, value: seconds, nodes });
  }

  /** The longest time in which the librdkafka client had no acknowledgement of one partition, while brokers are rolled. */
  async #gap(quantity: Quantity, bootstrap: string, roll: () => Promise<readonly NodeTime[]>): Promise<void> {
    await this.#underLoad(quantity, bootstrap, async (load) => {
      const fromMs = Date.now();
      const nodes = await roll();
      const tally = await load.tally(fromMs, Date.now());
      this.#keep({ quantity, value: tally.librdkafka.longestPartitionGapMs, nodes, clients: clientsOf(tally) });
    });
  }

  async #underLoad(name: string, bootstrap: string, work: (load: Load) => Promise<void>): Promise<void> {
    const folder = join(this.#folder, `load-${name.replaceAll(' ', '-')}-${this.#round}`);
    const rates = { librdkafkaRate: 300, kafkajsRate: 60 };
    const load = new Load({ folder, bootstrap, topic: topic.name, partitions: topic.partitions, ...rates });
    // Known before it starts: an end in the middle of its start must find its clients.
    this.#load = load;
    await load.start();
    await work(load);
    await load.stop();
  }

  /** Lets a broker die under the load, and keeps what was seen under the names that stand for this crash. */
  async #crash(names: CrashNames, crash: Crash): Promise<void> {
    await this.#underLoad(names.gap ?? names.recovery ?? 'crash', crash.bootstrap, async (load) => {
      const { leadersMovedSeconds, stall, back, tally }: CrashSeen = await seeCrash(crash, load);
      const seen = { nodes: [], clients: clientsOf(tally) };
      if (names.leaders !== undefined) this.#keep({ quantity: names.leaders, value: leadersMovedSeconds, ...seen });
      if (names.gap !== undefined)
        this.#keep({ quantity: names.gap, value: stall.librdkafka.longestPartitionGapMs, ...seen });
      if (back === undefined) return;
      if (names.recovery !== undefined) this.#keep({ quantity: names.recovery, value: back.recoverySeconds, ...seen });
      if (names.gapWhenBack !== undefined)
        this.#keep({ quantity: names.gapWhenBack, value: back.tally.librdkafka.longestPartitionGapMs, ...seen });
    });
  }

  async #wardenCrashes(): Promise<void> {
    const { service, cluster } = this.#warden;
    const victim = async (nodeId: number, ...others: readonly number[]): Promise<Crash> => {
      const bootstrap = await service.bootstrap();
      const seen = await nodesSeen(service, [nodeId, ...others]);
      const address = seen[0]?.address ?? '';
      const port = addressesOf(bootstrap).find(({ host }) => host === address)?.port ?? 0;
      const kill = async () => {
        await Promise.all(seen.map(({ taskArn }) => cluster.chaos('task/kill', { task: taskArn, program: 'java' })));
      };
      return { bootstrap, victim: { nodeId, address, port }, kill, whenInSync: async () => undefined };
    };
    await this.#crash(ofBroker, await victim(1));
    await service.untilSettled(3);
    await this.#crash(ofBoth, await victim(2, await service.activeController()));
    await service.untilSettled(3);
    await this.#warden.update({ brokers: { failover_delay: '1s' } });
    await this.#crash({ recovery: 'recovery of a broker, failover delay 1 s' }, await victim(0));
    await service.untilSettled(3);
  }

  /** Nobody starts them again, until both are needed for the second crash. */
  async #bareCrashes(cluster: BareCluster): Promise<void> {
    const [, first, second] = cluster.brokers;
    if (first === undefined || second === undefined) throw new Error('the bare cluster has three brokers');
    const { bootstrap } = cluster;
    const alone = { bootstrap, victim: first, kill: () => first.crash() };
    await this.#crash(ofBrokerWithDefaults, alone);
    first.start('--no-initial-controllers');
    await cluster.untilInSync(first);
    const active = await cluster.activeController();
    const kill = async () => {
      await Promise.all([second.crash(), active.crash()]);
    };
    await this.#crash(ofBothWithDefaults, { bootstrap, victim: second, kill });
  }

  /** A script that looks at nothing and starts the broker the moment that it is dead; its leaders come back to it as to ours. */
  async #bareRecovery(cluster: BareCluster): Promise<void> {
    const [, broker] = cluster.brokers;
    if (broker === undefined) throw new Error('the bare cluster has three brokers');
    const kill = async () => {
      await broker.crash();
      broker.start('--no-initial-controllers');
    };
    const whenInSync = () => cluster.leadAgain();
    await this.#crash(ofBareRecovery, { bootstrap: cluster.bootstrap, victim: broker, kill, whenInSync });
  }

  #keep(measured: Omit<Measurement, 'round' | 'load'>): void {
    const load = loadavg()[0] ?? 0;
    this.measurements.push({ ...measured, round: this.#round, load });
    process.stderr.write(
      `  round ${this.#round}: ${measured.quantity} ${measured.value.toFixed(2)} (load ${load.toFixed(1)} on ${availableParallelism()})\n`,
    );
  }

  #measures(...parts: readonly Part[]): boolean {
    return parts.some((part) => this.#given.parts.includes(part));
  }
}

/** What clients saw of a time under load. */
function clientsOf(tally: LoadTally): readonly LoadSeen[] {
  return Object.entries(tally).map(
    ([client, { offered, acknowledged, lost, failed, unanswered, longestPartitionGapMs }]): LoadSeen => ({
      ...{ client, offered, acknowledged, lost: lost.length, failed: failed + unanswered, longestPartitionGapMs },
    }),
  );
}
