import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { brokerMayStop } from '../../lib/model/broker/broker-may-stop.ts';
import { controllerMayStop } from '../../lib/model/broker/controller-may-stop.ts';
import { registrationMayBeReleased } from '../../lib/model/broker/registration-may-be-released.ts';
import { brokerIds, controllerIds } from '../../lib/model/node.ts';
import { choosePorts } from '../../lib/model/service/choose-ports.ts';
import type { ServiceOptions } from '../../lib/model/service/options.ts';
import { defaultPackageVersion } from '../../lib/model/service/package-version.ts';
import { resolveOptions } from '../../lib/model/service/resolve-options.ts';
import type { ServiceTarget } from '../../lib/model/state.ts';
import type { KafkaAddress } from '../../lib/ports/kafka-admin.ts';
import { BareNode } from './bare-node.ts';
import {
  addressOf,
  brokerIsInSync,
  controllerHasJoined,
  controllerIsInSync,
  kafka,
  untilReady,
} from './bare-readiness.ts';
import type { NodeTime } from './measurement.ts';

/** What a bare cluster is made of. */
export interface BareClusterInput {
  readonly folder: string;
  /** First two parts of the nodes' addresses: controller k and broker k share address k, as on Warden's hosts. */
  readonly addresses: string;
  /** The same document that Warden is given. */
  readonly options: object;
}

/**
 * Three controllers and three brokers without a control plane: the floor that Warden is measured against. It starts and
 * rolls them in Warden's order and by Warden's rules, each looked at as soon as the last one allows.
 */
export class BareCluster {
  readonly #controllers: readonly BareNode[];
  readonly #brokers: readonly BareNode[];

  constructor(input: BareClusterInput) {
    const nodes = makeNodes(input);
    this.#controllers = nodes.filter(({ nodeId }) => controllerIds(3).includes(nodeId));
    this.#brokers = nodes.filter(({ nodeId }) => brokerIds(3).includes(nodeId));
  }

  get brokers(): readonly BareNode[] {
    return this.#brokers;
  }

  get bootstrap(): string {
    return this.#brokers.map(({ address, port }) => `${address}:${port}`).join(',');
  }

  /** Format, 1000 alone, 1001 and 1002 as voters, then the brokers, one after another. */
  async boot(): Promise<NodeTime[]> {
    const times: NodeTime[] = [];
    for (const node of [...this.#controllers, ...this.#brokers]) {
      const clock = new PhaseClock();
      node.start(node === this.#controllers[0] ? '--standalone' : '--no-initial-controllers');
      clock.end('start');
      times.push(await this.#ready(node, clock));
    }
    return times;
  }

  /** One after another: may stop, stop, release if asked for, start, in sync, preferred leaders back. */
  async rollBrokers({ release }: { readonly release: boolean }): Promise<NodeTime[]> {
    const times: NodeTime[] = [];
    for (const node of this.#brokers) {
      const clock = new PhaseClock();
      await this.#untilBrokerMayStop(node);
      clock.end('wait for turn');
      await node.stop();
      clock.end('stop');
      if (release) await this.#release(node);
      clock.end('release');
      node.start('--no-initial-controllers');
      clock.end('start');
      times.push(await this.#ready(node, clock));
    }
    return times;
  }

  /** The one that leads comes last. */
  async rollControllers(): Promise<NodeTime[]> {
    const quorum = await kafka.describeQuorum(this.#running(this.#controllers));
    const leader = quorum.type === 'led' ? quorum.leaderId : undefined;
    const times: NodeTime[] = [];
    for (const node of this.#controllers.toSorted(
      (a, b) => Number(a.nodeId === leader) - Number(b.nodeId === leader),
    )) {
      const clock = new PhaseClock();
      await untilReady(`controller ${node.nodeId} may stop`, this.#controllers, async () => {
        const seen = await kafka.describeQuorum(this.#running(this.#controllers));
        return seen.type === 'led' && controllerMayStop(seen, node.nodeId, []).type === 'may stop';
      });
      clock.end('wait for turn');
      await node.stop();
      clock.end('stop');
      node.start('--no-initial-controllers');
      clock.end('start');
      times.push(await this.#ready(node, clock));
    }
    return times;
  }

  /** Brokers first: they need the controllers to stop cleanly. Idempotent. */
  async stop(): Promise<void> {
    await Promise.all(this.#brokers.map((node) => node.stop()));
    await Promise.all(this.#controllers.map((node) => node.stop()));
  }

  /** At once, without a word to anybody. */
  async kill(): Promise<void> {
    await Promise.all([...this.#brokers, ...this.#controllers].map((node) => node.kill()));
  }

  /** The controller that leads the quorum. @throws Error while none does */
  async activeController(): Promise<BareNode> {
    const quorum = await kafka.describeQuorum(this.#running(this.#controllers));
    const active =
      quorum.type === 'led' ? this.#controllers.find(({ nodeId }) => nodeId === quorum.leaderId) : undefined;
    if (active === undefined) throw new Error('no controller of the bare cluster leads');
    return active;
  }

  /** Gives every broker the partitions again that it is to lead. */
  async leadAgain(): Promise<void> {
    await kafka.electPreferredLeaders(this.#running(this.#brokers));
  }

  /** Waits until a broker is back, however it was restarted. */
  async untilInSync(node: BareNode): Promise<void> {
    const brokers = this.#running(this.#brokers);
    await untilReady(`broker ${node.nodeId} is in sync`, [node], () => brokerIsInSync(node, brokers));
  }

  async #ready(node: BareNode, clock: PhaseClock): Promise<NodeTime> {
    if (this.#brokers.includes(node)) {
      await this.untilInSync(node);
      await this.leadAgain();
    } else {
      const controllers = this.#running(this.#controllers);
      await untilReady(`controller ${node.nodeId} votes`, [node], () => controllerHasJoined(node, controllers));
      clock.end('join quorum');
      await untilReady(`controller ${node.nodeId} is in sync`, [node], () => controllerIsInSync(node, controllers));
    }
    clock.end('in sync');
    return { nodeId: node.nodeId, phases: clock.phases };
  }

  async #untilBrokerMayStop(node: BareNode): Promise<void> {
    const brokers = this.#running(this.#brokers);
    await untilReady(`broker ${node.nodeId} may stop`, this.#brokers, async () => {
      const moving = (await kafka.listReassignments(brokers)).some(({ replicas }) => replicas.includes(node.nodeId));
      return !moving && brokerMayStop(await kafka.listPartitions(brokers), node.nodeId).type === 'may stop';
    });
  }

  async #release(node: BareNode): Promise<void> {
    const witness = await kafka.listPartitions(this.#running(this.#brokers));
    if (registrationMayBeReleased(witness, node.nodeId))
      await kafka.unregisterBroker(this.#running(this.#controllers), node.nodeId);
  }

  #running(nodes: readonly BareNode[]): readonly KafkaAddress[] {
    return nodes.filter(({ isRunning }) => isRunning).map(addressOf);
  }
}

function makeNodes({ folder, addresses, options }: BareClusterInput): readonly BareNode[] {
  const config = {
    id: randomUUID(),
    packageVersion: defaultPackageVersion,
    options: resolve(withoutHealthCheck(options)),
  };
  const ids = { brokerIds: brokerIds(3), controllerIds: controllerIds(3) };
  const target: ServiceTarget = {
    ...{ service: 'bare', configId: config.id, packageVersion: config.packageVersion, ...ids },
    ...{ clusterId: newClusterId(), createdAt: Date.now() },
  };
  const addressOfNode = (nodeId: number) => `${addresses}.1.${(nodeId % 1000) + 10}`;
  const controllers = ids.controllerIds.map((nodeId) => ({ nodeId, address: addressOfNode(nodeId) }));
  return [...ids.controllerIds, ...ids.brokerIds].map((nodeId) => {
    const host = {
      instanceId: 'bare',
      containerInstanceArn: '',
      address: addressOfNode(nodeId),
      zone: `z${nodeId % 1000}`,
    };
    const launch = {
      ...{ target, config, nodeId, host, attempt: 1, volumeId: 'vol-0', taskDefinitionArn: '' },
      ...{ logGroup: '', logRegion: '' },
    };
    return new BareNode({ launch, controllers, folder: join(folder, `node-${nodeId}`) });
  });
}

/** Nobody would start a node again that its own watchdog has ended; without one the child process is the server itself. */
function withoutHealthCheck(options: { readonly service?: object }): object {
  return { ...options, service: { ...options.service, enable_health_check: false } };
}

/** The options as an install resolves them, ports included. */
function resolve(document: object): ServiceOptions {
  const resolved = resolveOptions(document, defaultPackageVersion);
  if (resolved.type === 'refused') throw new Error(`the options are refused: ${JSON.stringify(resolved.refusals)}`);
  const choice = choosePorts(resolved.options, []);
  if (choice.type !== 'chosen') throw new Error(`the options leave no ports to choose: ${choice.type}`);
  return choice.options;
}

/** Kafka's form of a UUID; one that begins with a dash would read as an option of the format program. */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

/** Cuts a restart into phases. */
class PhaseClock {
  readonly phases: Record<string, number> = {};
  #since = performance.now();

  end(phase: string): void {
    const now = performance.now();
    this.phases[phase] = (this.phases[phase] ?? 0) + (now - this.#since) / 1000;
    this.#since = now;
  }
}
