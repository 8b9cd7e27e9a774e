import type { Host } from '../../lib/model/placement/host.ts';
import type { Hosts } from '../../lib/ports/hosts.ts';
import type { FakeTask } from './fake-tasks.ts';

export interface FakeHosts extends Hosts {
  /** Changes a host, for example takes its agent away. */
  change(instanceId: string, fields: Partial<Host>): void;
  add(host: Host): void;
  /** EC2 terminates the instance; ECS may list it for a while. */
  lose(instanceId: string): void;
  /** EC2 refuses to terminate any from now on, in these words; undefined: no more. */
  refuseEnds(why: string | undefined): void;
  /** Whom EC2 has terminated because somebody asked for it, in order. */
  readonly terminated: readonly string[];
}

/** A host of the fake: three zones, addresses of its own, room for a few nodes. */
export function fakeHost(number: number): Host {
  return {
    instanceId: `i-${String(number).padStart(17, '0')}`,
    containerInstanceArn: `arn:aws:ecs:eu-west-1:111122223333:container-instance/warden/${number}`,
    address: `10.0.0.${number + 1}`,
    zone: `eu-west-1${'abc'[number % 3]}`,
    status: 'ACTIVE',
    agentConnected: true,
    cpuUnits: 4096,
    memoryMiB: 8192,
    freeCpuUnits: 4096,
    freeMemoryMiB: 8192,
    usedPorts: [],
    volumeSlots: 20,
    attachedVolumes: 1,
  };
}

/** Container instances in memory; what is free follows from the tasks that are not stopped. */
export function createFakeHosts(count: number, tasks: () => readonly FakeTask[]): FakeHosts {
  const hosts = new Map(
    Array.from({ length: count }, (_, number) => fakeHost(number)).map((host) => [host.instanceId, host]),
  );
  const terminated: string[] = [];
  let refusal: string | undefined;
  return {
    refuseEnds: (why) => {
      refusal = why;
    },
    terminated,
    terminate: async (instanceId) => {
      if (refusal !== undefined) return { type: 'refused', why: refusal };
      terminated.push(instanceId);
      hosts.delete(instanceId);
      return { type: 'accepted' };
    },
    listGone: async (instanceIds) => instanceIds.filter((instanceId) => !hosts.has(instanceId)),
    list: async () => [...hosts.values()].map((host) => withoutUsed(host, tasks())),
    add: (host) => hosts.set(host.instanceId, host),
    lose: (instanceId) => hosts.delete(instanceId),
    change: (instanceId, fields) => {
      const host = hosts.get(instanceId);
      if (host === undefined) throw new Error(`no host ${instanceId}`);
      hosts.set(instanceId, { ...host, ...fields });
    },
  };
}

function withoutUsed(host: Host, tasks: readonly FakeTask[]): Host {
  const here = tasks.filter(
    ({ request, view }) => request.instanceId === host.instanceId && view.lastStatus !== 'STOPPED',
  );
  const used = (amount: (task: FakeTask) => number) => here.reduce((total, task) => total + amount(task), 0);
  return {
    ...host,
    freeCpuUnits: host.freeCpuUnits - used(({ request }) => request.cpuUnits),
    freeMemoryMiB: host.freeMemoryMiB - used(({ request }) => request.memoryReservationMiB),
    usedPorts: [...host.usedPorts, ...here.flatMap(({ definition }) => definition.ports)],
  };
}
