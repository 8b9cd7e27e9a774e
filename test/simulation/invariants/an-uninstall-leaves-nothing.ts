import type { Scene } from '../run/scene.ts';
import { wantedServices } from '../run/services.ts';
import type { Invariant } from './invariant.ts';

/** After a service's end nothing of it runs, costs money or bars a later one, but what was to be kept. */
export function anUninstallLeavesNothing({ world, sent }: Pick<Scene, 'world' | 'sent'>): Invariant {
  return {
    rule: 'I18: an uninstall leaves nothing that is owned',
    atRest() {
      const { aws, containers } = world;
      const lives = new Set(wantedServices(world).map(({ name }) => name));
      const gone = (name: string | undefined) => name !== undefined && !lives.has(name);
      const keepsVolumes = (name: string) =>
        sent.some((request) => request.type === 'uninstall' && request.service === name && request.keepVolumes);
      const left = [
        ...[...containers.values()].filter(({ startedBy }) => gone(serviceOf(startedBy))).map((run) => run.startedBy),
        ...aws
          .tasks()
          .filter(({ lastStatus, startedBy }) => lastStatus !== 'STOPPED' && gone(serviceOf(startedBy)))
          // Of a host that ended while its agent was out of touch ECS shows the tasks as running for ever.
          .filter(({ isAlive, instanceId }) => isAlive || aws.hosts().some((host) => host.instanceId === instanceId))
          .map(({ taskArn }) => taskArn),
        ...aws
          .volumes()
          .filter(({ isRoot, state, tags }) => !isRoot && state !== 'deleted' && gone(tags['warden:service']))
          // One whose disk has failed never becomes available, and whoever keeps volumes decides about it.
          .filter(
            ({ state, tags }) =>
              !['available', 'error'].includes(state) || !keepsVolumes(String(tags['warden:service'])),
          )
          .map(({ id, state }) => `${id} ${state}`),
        ...aws
          .items()
          .filter((item) => gone(ownerOf(item)))
          .map((item) => `${String(item['pk'])} ${String(item['sk'])}`),
        ...aws
          .taskDefinitions()
          .filter(({ status, tags }) => status === 'ACTIVE' && gone(tags['warden:service']))
          .map(({ arn }) => arn),
      ];
      return left.length === 0 ? undefined : `left of services that are gone: ${left.join(', ')}`;
    },
  };
}

function serviceOf(startedBy: string | undefined): string | undefined {
  return /^warden\/([^/]+)\//.exec(startedBy ?? '')?.[1];
}

/** The service that an item belongs to; tombstones are what is to be left. */
function ownerOf(item: Readonly<Record<string, unknown>>): string | undefined {
  const [pk, sk] = [String(item['pk']), String(item['sk'])];
  if (pk === 'PORTS') return String(item['service']);
  return /^(?:SERVICE|CONFIG|HISTORY)#(.+)$/.exec(pk)?.[1] ?? /^NODE#([^#]+)#/.exec(sk)?.[1];
}
