import { planOf } from '../run/plans.ts';
import type { Scene, SentRequest } from '../run/scene.ts';
import { wantedServices } from '../run/services.ts';
import type { Invariant } from './invariant.ts';

/** A request whose answer was accepting is kept to; one whose answer was lost may have been. */
export function whatWasAcceptedIsDone({ world, sent }: Pick<Scene, 'world' | 'sent'>): Invariant {
  const lastOf = (service: string, types: readonly SentRequest['type'][]): SentRequest | undefined => {
    const effective = sent.filter(
      (request) => request.service === service && types.includes(request.type) && request.answer !== 'refused',
    );
    const last = effective.at(-1);
    const isClear =
      last?.answer === 'accepted' &&
      last.begunAt >= Math.max(...effective.slice(0, -1).map(({ endedAt }) => endedAt), 0);
    return isClear ? last : undefined;
  };
  return {
    rule: 'I5: what was accepted is done',
    atRest() {
      const lives = new Map(wantedServices(world).map((service) => [service.name, service]));
      for (const service of new Set(sent.map((request) => request.service))) {
        const last = lastOf(service, ['install', 'uninstall']);
        if (last?.type === 'install' && !lives.has(service)) return `${service} was accepted and is not there`;
        if (last?.type === 'uninstall' && lives.has(service)) return `${service} was to go and is still there`;
        // To start the plan of a preview is an update, too.
        const change = lastOf(service, ['install', 'update', 'command', 'uninstall']);
        const target = lives.get(service)?.configId;
        const isTakenBack = planOf(world, service)?.takesBack !== undefined;
        if (change?.type !== 'update' || change.configId === undefined || isTakenBack) continue;
        if (change.configId !== target)
          return `${service} was changed to ${change.configId} and its target is ${target}`;
      }
      return undefined;
    },
  };
}
