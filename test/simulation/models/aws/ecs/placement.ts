import type { Failure, PlacementConstraint } from '@aws-sdk/client-ecs';
import { notModelled } from '../failure.ts';
import type { InstanceRecord, TaskRecord } from './records.ts';

/** Ports that docker, ssh and the agent hold on every host. */
export const reservedPorts: readonly number[] = [22, 2375, 2376, 51678, 51679, 51680];

/** A container instance and the tasks that hold its resources. */
export interface Candidate {
  readonly instance: InstanceRecord;
  readonly tasks: readonly TaskRecord[];
}

export interface Needs {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly ports: readonly number[];
}

export type Placement =
  | { readonly type: 'placed'; readonly instance: InstanceRecord }
  | { readonly type: 'refused'; readonly failures: readonly Failure[] };

/** What is left of a host's CPU and memory, and the ports that are taken. */
export function remainingOf({ instance, tasks }: Candidate): Needs {
  return {
    cpu: tasks.reduce((left, { cpu }) => left - cpu, instance.host.cpuUnits),
    memoryMiB: tasks.reduce((left, { memoryMiB }) => left - memoryMiB, instance.host.memoryMiB),
    ports: [...reservedPorts, ...tasks.flatMap(({ ports }) => ports)],
  };
}

/** The host with the most memory left; each host that the constraints let through says why it cannot be the one. */
export function placeTask(
  candidates: readonly Candidate[],
  needs: Needs,
  constraints: readonly PlacementConstraint[],
): Placement {
  const accepts = constraints.map(readConstraint);
  const fitting = candidates.filter(({ instance }) => accepts.every((accept) => accept(instance.host.instanceId)));
  if (fitting.length === 0) {
    const reason = 'MemberOf placement constraint unsatisfied.';
    return { type: 'refused', failures: candidates.map(({ instance }) => ({ arn: instance.arn, reason })) };
  }
  const judged = fitting.map((candidate) => ({ candidate, reason: obstacle(candidate, needs) }));
  const [best] = judged
    .filter(({ reason }) => reason === undefined)
    .toSorted((left, right) => remainingOf(right.candidate).memoryMiB - remainingOf(left.candidate).memoryMiB);
  if (best !== undefined) return { type: 'placed', instance: best.candidate.instance };
  return {
    type: 'refused',
    failures: judged.map(({ candidate, reason }) => ({ arn: candidate.instance.arn, reason })),
  };
}

function obstacle(candidate: Candidate, needs: Needs): string | undefined {
  if (candidate.instance.status !== 'ACTIVE') return 'INACTIVE';
  if (!candidate.instance.agentConnected) return 'AGENT';
  const left = remainingOf(candidate);
  if (left.cpu < needs.cpu) return 'RESOURCE:CPU';
  if (left.memoryMiB < needs.memoryMiB) return 'RESOURCE:MEMORY';
  if (needs.ports.some((port) => left.ports.includes(port))) return 'RESOURCE:PORTS';
  return undefined;
}

/** Of the cluster query language only what names EC2 instances. */
function readConstraint({ type, expression = '' }: PlacementConstraint): (instanceId: string) => boolean {
  if (type !== 'memberOf') throw notModelled(`ecs placement constraint '${type}'`, ['memberOf']);
  const list = /^\s*ec2InstanceId\s+in\s+\[([^\]]*)\]\s*$/.exec(expression)?.[1];
  const single = /^\s*ec2InstanceId\s*==\s*['"]?([\w-]+)['"]?\s*$/.exec(expression)?.[1];
  if (single !== undefined) return (instanceId) => instanceId === single;
  if (list !== undefined) {
    const ids = list.split(',').map((part) => part.trim().replace(/^['"](.*)['"]$/, '$1'));
    return (instanceId) => ids.includes(instanceId);
  }
  throw notModelled(`ecs placement expression '${expression}'`, ["ec2InstanceId in ['i-…']", 'ec2InstanceId == i-…']);
}
