import { strict as assert } from 'node:assert';
import type { Programs, Random, SimulatedClock, SimulatedHost } from '../../contract.ts';
import type { Instances } from './ec2/instances.ts';
import type { Volumes } from './ec2/volumes.ts';
import { Agent } from './ecs/agent.ts';
import type { Fleet } from './ecs/fleet.ts';

const instanceType = 'm7g.large';
/** How long the operating system waits for its processes before it goes down. */
const shutDownMs = 90_000;

interface HostPorts {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly programs: Programs;
  readonly fleet: Fleet;
  readonly instances: Instances;
  readonly volumes: Volumes;
  readonly instanceArnPrefix: string;
}

interface Machine {
  readonly host: SimulatedHost;
  readonly agent: Agent;
  isLost: boolean;
  /** EC2 starts no instance that is still stopping: whoever wants it asks again. */
  isWanted: boolean;
}

/** The machines: what happens to one is told to EC2 and ECS in the order in which they would learn of it. */
export class Hosts {
  readonly #ports: HostPorts;
  readonly #machines = new Map<string, Machine>();
  readonly #startFailures: string[] = [];
  #slowPullMs = 0;

  constructor(ports: HostPorts) {
    this.#ports = ports;
  }

  all(): readonly SimulatedHost[] {
    return [...this.#machines.values()].filter(({ isLost }) => !isLost).map(({ host }) => host);
  }

  /** Tasks whose running containers mount the volume, on whatever host. */
  mounting(volumeId: string): readonly string[] {
    return [...this.#machines.values()].flatMap(({ agent }) => agent.mounting(volumeId));
  }

  isAlive(taskArn: string): boolean {
    return [...this.#machines.values()].some(({ agent }) => agent.isAlive(taskArn));
  }

  /** Also of a host that is lost. */
  hostOf(containerInstanceArn: string): SimulatedHost | undefined {
    return [...this.#machines.values()].find(({ host }) => host.containerInstanceArn === containerInstanceArn)?.host;
  }

  add(host: SimulatedHost): void {
    const { clock, programs, fleet, instances, volumes, instanceArnPrefix } = this.#ports;
    const { instanceId, containerInstanceArn: arn } = host;
    assert(!this.#machines.has(instanceId), `there is a host ${instanceId} already`);
    assert(arn.startsWith(`${instanceArnPrefix}/`), `${arn} must begin with ${instanceArnPrefix}/`);
    const agent = new Agent({
      ...{ host, clock, programs, random: this.#ports.random.fork(instanceId) },
      attachedVolumes: () =>
        volumes
          .ofInstance(instanceId)
          .filter(({ attachment }) => attachment?.state !== 'attaching')
          .map(({ id }) => id),
      unmounted: (volumeId) => volumes.unmounted(volumeId),
      tell: (report) => fleet.report(arn, report),
      takeStartFailure: () => this.#startFailures.shift(),
      slowPullMs: () => this.#slowPullMs,
    });
    this.#machines.set(instanceId, { host, agent, isLost: false, isWanted: false });
    instances.add(host, instanceType);
    volumes.createRoot(instances.require(instanceId));
    fleet.register({ arn, host, status: 'ACTIVE', agentConnected: true }, agent);
  }

  lose(instanceId: string): void {
    const { fleet, instances, volumes } = this.#ports;
    const machine = this.#require(instanceId);
    const { host, agent } = machine;
    const arn = host.containerInstanceArn;
    // Only an agent that is connected when its instance ends takes its registration along.
    const isConnected = fleet.isConnected(arn);
    agent.cutPower();
    instances.setState(instanceId, 'shutting-down');
    fleet.setConnected(arn, false);
    this.#after(1000, 10_000, `${instanceId} is terminated`, () => {
      instances.setState(instanceId, 'terminated');
      volumes.releaseAll(instanceId);
      const stoppedReason = `Host EC2 (instance ${instanceId}) terminated.`;
      if (isConnected) fleet.deregister(arn, { stopCode: 'TerminationNotice', stoppedReason });
    });
    machine.isLost = true;
  }

  crash(instanceId: string): void {
    const { host, agent } = this.#require(instanceId);
    agent.cutPower();
    this.#after(1000, 60_000, `${instanceId} is not heard of`, () => {
      if (!agent.isOn) this.#ports.fleet.setConnected(host.containerInstanceArn, false);
    });
  }

  stop(instanceId: string): void {
    const { instances, fleet } = this.#ports;
    const { host, agent } = this.#require(instanceId);
    if (instances.get(instanceId)?.state !== 'running') return;
    instances.setState(instanceId, 'stopping');
    agent.shutDown();
    this.#after(shutDownMs / 9, shutDownMs, `${instanceId} is stopped`, () => {
      if (instances.get(instanceId)?.state !== 'stopping') return;
      agent.cutPower();
      fleet.setConnected(host.containerInstanceArn, false);
      instances.setState(instanceId, 'stopped');
      if (this.#require(instanceId).isWanted) this.start(instanceId);
    });
  }

  start(instanceId: string): void {
    const { instances, fleet } = this.#ports;
    const machine = this.#require(instanceId);
    const { host, agent } = machine;
    const state = instances.get(instanceId)?.state;
    machine.isWanted = state === 'stopping';
    if (agent.isOn || state === 'pending') return;
    if (state === 'stopped') instances.setState(instanceId, 'pending');
    this.#after(10_000, 60_000, `${instanceId} boots`, () => {
      if (agent.isOn || this.#machines.get(instanceId)?.isLost === true) return;
      if (instances.get(instanceId)?.state === 'pending') instances.setState(instanceId, 'running');
      agent.boot();
      // A reboot that was faster than the silence was noticed is a line that went down and came up.
      fleet.setConnected(host.containerInstanceArn, false);
      fleet.setConnected(host.containerInstanceArn, true);
    });
  }

  /**
   * Somebody takes the container instance out of the cluster by force: ECS calls its tasks stopped and knows nothing of
   * their containers, which run on. Source: ECS API reference, DeregisterContainerInstance, force.
   */
  forget(instanceId: string): void {
    const { host } = this.#require(instanceId);
    const stoppedReason = 'The container instance was deregistered by force.';
    this.#ports.fleet.deregister(host.containerInstanceArn, { stopCode: 'TerminationNotice', stoppedReason });
  }

  /** Images take up to so much longer to be pulled; 0 ends that. */
  slowPulls(extraMs: number): void {
    this.#slowPullMs = extraMs;
  }

  drain(instanceId: string, drains: boolean): void {
    this.#ports.fleet.setDraining(this.#require(instanceId).host.containerInstanceArn, drains);
  }

  disconnect(instanceId: string): void {
    this.#ports.fleet.setConnected(this.#require(instanceId).host.containerInstanceArn, false);
  }

  /** Nothing happens while the host is without power: there is nobody to connect. */
  connect(instanceId: string): void {
    const { host, agent } = this.#require(instanceId);
    if (agent.isOn) this.#ports.fleet.setConnected(host.containerInstanceArn, true);
  }

  killTask(taskArn: string): void {
    for (const { agent } of this.#machines.values()) agent.kill(taskArn);
  }

  failNextStart(kind: string): void {
    this.#startFailures.push(kind);
  }

  #after(leastMs: number, mostMs: number, what: string, act: () => void): void {
    const delayMs = leastMs + this.#ports.random.below(mostMs - leastMs);
    this.#ports.clock.after(delayMs, what, act);
  }

  #require(instanceId: string): Machine {
    const machine = this.#machines.get(instanceId);
    assert(machine !== undefined && !machine.isLost, `there is no host ${instanceId}`);
    return machine;
  }
}
