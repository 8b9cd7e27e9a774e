import type { Failure, PlacementConstraint } from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import { type Predicate, parseExpression, type Subject } from './placement-expression.ts';
import type { ContainerInstanceRecord, TaskRecord } from './records.ts';

/** A container instance and the tasks that hold its resources. */
export interface Host {
  readonly instance: ContainerInstanceRecord;
  readonly tasks: readonly TaskRecord[];
}

/** What a task reserves. */
export interface Needs {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly ports: readonly number[];
  readonly group: string;
}

/** What is left of a host. */
export interface Remaining {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly ports: readonly number[];
}

/** Ports that docker and the agent hold on every host. */
export const RESERVED_PORTS: readonly number[] = [22, 2375, 2376, 51678, 51679, 51680];

/** The host for a task, or why none will do. */
export type Placement =
  | { readonly type: 'placed'; readonly instance: ContainerInstanceRecord }
  | { readonly type: 'refused'; readonly failures: readonly Failure[] };

/** What is left of a host's CPU and memory, and the ports that are taken. */
export function remainingOf({ instance, tasks }: Host): Remaining {
  return {
    cpu: instance.cpu - sum(tasks.map(({ cpu }) => cpu)),
    memoryMiB: instance.memoryMiB - sum(tasks.map(({ memoryMiB }) => memoryMiB)),
    ports: [...RESERVED_PORTS, ...tasks.flatMap(({ ports }) => ports)],
  };
}

/**
 * Chooses the host with the most memory left. When none will do, each host that the constraints let through says why;
 * when they let none through, each host says that.
 */
export function placeTask(
  hosts: readonly Host[],
  needs: Needs,
  constraints: readonly PlacementConstraint[],
): Placement {
  const accepts = constraints.map((constraint) => predicateOf(constraint, needs));
  const fitting = hosts.filter((host) => accepts.every((accept) => accept(host)));
  if (fitting.length === 0) {
    const reason = 'MemberOf placement constraint unsatisfied.';
    return { type: 'refused', failures: hosts.map(({ instance }) => ({ arn: instance.arn, reason })) };
  }
  const judged = fitting.map((host) => ({ host, reason: obstacle(host, needs) }));
  const free = judged
    .filter(({ reason }) => reason === undefined)
    .toSorted((a, b) => remainingOf(b.host).memoryMiB - remainingOf(a.host).memoryMiB);
  const [best] = free;
  if (best !== undefined) return { type: 'placed', instance: best.host.instance };
  return { type: 'refused', failures: judged.map(({ host, reason }) => ({ arn: host.instance.arn, reason })) };
}

/** Evaluates an expression on a host. */
export function subjectOf({ instance, tasks }: Host): Subject {
  return (name) => {
    if (name.startsWith('attribute:')) {
      const found = instance.attributes.filter((attribute) => attribute.name === name.slice('attribute:'.length));
      return found.map(({ value }) => value ?? '');
    }
    switch (name) {
      case 'agentConnected':
        return [String(instance.agentConnected)];
      case 'ec2InstanceId':
        return [instance.ec2InstanceId];
      case 'registeredAt':
        return [new Date(instance.registeredAt).toISOString()];
      case 'runningTasksCount':
        return [String(tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length)];
      case 'task:group':
        return tasks.map(({ group }) => group);
      default:
        return [];
    }
  };
}

function predicateOf({ type, expression }: PlacementConstraint, needs: Needs): (host: Host) => boolean {
  switch (type) {
    case 'memberOf': {
      const predicate: Predicate = parseExpression(expression ?? '');
      return (host) => predicate(subjectOf(host));
    }
    case 'distinctInstance':
      return ({ tasks }) => !tasks.some(({ group }) => group === needs.group);
    default:
      throw new AwsError(
        'InvalidParameterException',
        `Placement constraint type '${type}' is invalid; use memberOf or distinctInstance.`,
      );
  }
}

function obstacle(host: Host, needs: Needs): string | undefined {
  if (host.instance.status !== 'ACTIVE') return 'INACTIVE';
  if (!host.instance.agentConnected) return 'AGENT';
  const left = remainingOf(host);
  if (left.cpu < needs.cpu) return 'RESOURCE:CPU';
  if (left.memoryMiB < needs.memoryMiB) return 'RESOURCE:MEMORY';
  if (needs.ports.some((port) => left.ports.includes(port))) return 'RESOURCE:PORTS';
  return undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
