import { planOf } from '../run/plans.ts';
import type { Scene, SentRequest } from '../run/scene.ts';
import { wantedServices } from '../run/services.ts';
import type { Invariant } from './invariant.ts';

/** A request whose answer was accepting is kept to; one whose answer was lost may have been. */
export function whatWasAcceptedIsDone({ world, sent }: Pick<Scene, 'world' | 'sent'>): Invariant {
  const lastOf = (service: string, isMeant: (request: SentRequest) => boolean): SentRequest | undefined => {
    const effective = sent.filter(
      (request) => request.service === service && isMeant(request) && request.answer !== 'refused',
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
        const last = lastOf(service, ({ type }) => type === 'install' || type === 'uninstall');
        if (last?.type === 'install' && !lives.has(service)) return `${service} was accepted and is not there`;
        if (last?.type === 'uninstall' && lives.has(service)) return `${service} was to go and is still there`;
        const change = lastOf(service, movesTarget);
        if (change?.type !== 'update' && change?.type !== 'application of a preview') continue;
        const plan = planOf(world, service);
        if (plan?.takesBack !== undefined && plan.takesBack.planId === change.planId) continue;
        if (plan?.id !== change.planId) return `${service} was to run plan ${change.planId} and runs ${plan?.id}`;
        const wanted = change.configId ?? plan?.configId;
        const target = lives.get(service)?.configId;
        if (wanted !== target) return `${service} was changed to ${wanted} and its target is ${target}`;
      }
      return undefined;
    },
  };
}

/** What an operator says about the walk of a plan leaves the target alone, and so does an update that changes nothing. */
function movesTarget({ type, answer, configId }: SentRequest): boolean {
  if (type === 'command') return false;
  return type !== 'update' || answer !== 'accepted' || configId !== undefined;
}
