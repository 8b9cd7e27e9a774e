import { type GroupRecord, isLive, type Member } from './group-record.ts';

/** What a group does next: instances to start, one per subnet id, and instances to end. */
export interface CapacityPlan {
  readonly launchIn: readonly string[];
  readonly terminate: readonly string[];
}

/**
 * Keeps the desired capacity: new instances go to the emptiest subnet, instances that do not run are replaced, and of
 * too many the oldest unprotected ones end.
 */
export function planCapacity(group: GroupRecord, members: readonly Member[]): CapacityPlan {
  const live = members.filter(isLive);
  if (group.isDeleting)
    return { launchIn: [], terminate: live.concat(stopped(members)).map(({ instanceId }) => instanceId) };
  const unhealthy = group.suspended.includes('ReplaceUnhealthy')
    ? []
    : stopped(members).map(({ instanceId }) => instanceId);
  const missing = group.suspended.includes('Launch') ? 0 : group.desiredCapacity - live.length;
  const surplus = group.suspended.includes('Terminate') ? 0 : live.length - group.desiredCapacity;
  const oldest = live.filter(({ isProtected }) => !isProtected).toSorted((a, b) => a.launchedAt - b.launchedAt);
  return {
    launchIn: emptiestSubnets(group, live, Math.max(0, missing)),
    terminate: [...unhealthy, ...oldest.slice(0, Math.max(0, surplus)).map(({ instanceId }) => instanceId)],
  };
}

function stopped(members: readonly Member[]): Member[] {
  return members.filter(({ state }) => state === 'stopped' || state === 'stopping');
}

function emptiestSubnets(group: GroupRecord, live: readonly Member[], count: number): string[] {
  const loads = new Map(group.subnetIds.map((id) => [id, live.filter(({ subnetId }) => subnetId === id).length]));
  const chosen: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const [emptiest] = [...loads].toSorted(([, a], [, b]) => a - b);
    if (emptiest === undefined) break;
    const [subnetId, load] = emptiest;
    loads.set(subnetId, load + 1);
    chosen.push(subnetId);
  }
  return chosen;
}
