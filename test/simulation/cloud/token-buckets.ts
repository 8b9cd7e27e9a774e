import type { SimulatedClock } from '../contract.ts';

/** How often an account may make the calls of a group: so many at once, and so many a second. */
export interface Quota {
  readonly burst: number;
  readonly perSecond: number;
}

interface Group extends Quota {
  readonly name: string;
  readonly matches: (service: string, operation: string) => boolean;
}

/**
 * Quotas that bind first. Source: Amazon ECS endpoints and quotas (API throttling), Amazon EC2 API throttling, Step
 * Functions quotas (smaller regions).
 */
const groups: readonly Group[] = [
  { name: 'RegisterTaskDefinition', burst: 20, perSecond: 1, matches: one('ecs', /^RegisterTaskDefinition$/) },
  { name: 'RunTask and StopTask', burst: 100, perSecond: 40, matches: one('ecs', /^(RunTask|StartTask|StopTask)$/) },
  { name: 'ECS reads', burst: 100, perSecond: 20, matches: one('ecs', /^(Describe|List)/) },
  { name: 'EC2 changes', burst: 50, perSecond: 5, matches: one('ec2', /^(Create|Attach|Detach|Delete)/) },
  { name: 'EC2 reads', burst: 100, perSecond: 20, matches: one('ec2', /^Describe/) },
  { name: 'StartExecution', burst: 800, perSecond: 150, matches: one('sfn', /^StartExecution$/) },
  { name: 'DescribeExecution', burst: 300, perSecond: 15, matches: one('sfn', /^DescribeExecution$/) },
  { name: 'answers of tokens', burst: 1500, perSecond: 300, matches: one('sfn', /^SendTask/) },
];

function one(service: string, operations: RegExp): Group['matches'] {
  return (candidate, operation) => candidate === service && operations.test(operation);
}

const knownGroups = new Map<string, Group | undefined>();

function groupOf(service: string, operation: string): Group | undefined {
  const name = `${service} ${operation}`;
  if (!knownGroups.has(name))
    knownGroups.set(
      name,
      groups.find(({ matches }) => matches(service, operation)),
    );
  return knownGroups.get(name);
}

/** The buckets of an account. */
export interface TokenBuckets {
  /** Takes a token; answers the name of the quota when there is none. */
  take(service: string, operation: string): string | undefined;
}

export function createTokenBuckets(clock: Pick<SimulatedClock, 'now'>): TokenBuckets {
  const levels = new Map<Group, { tokens: number; at: number }>();
  return {
    take(service, operation) {
      const group = groupOf(service, operation);
      if (group === undefined) return undefined;
      const now = clock.now();
      const before = levels.get(group) ?? { tokens: group.burst, at: now };
      const tokens = Math.min(group.burst, before.tokens + ((now - before.at) / 1000) * group.perSecond);
      levels.set(group, { tokens: tokens < 1 ? tokens : tokens - 1, at: now });
      return tokens < 1 ? group.name : undefined;
    },
  };
}
