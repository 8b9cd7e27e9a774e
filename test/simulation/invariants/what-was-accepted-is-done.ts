import type { Scene } from '../run/scene.ts';
import { wantedServices } from '../run/services.ts';
import type { Invariant } from './invariant.ts';

/** A request whose answer was 202 is kept to; one whose answer was lost may have been. */
export function whatWasAcceptedIsDone({ world, sent }: Pick<Scene, 'world' | 'sent'>): Invariant {
  return {
    rule: 'I5: what was accepted is done',
    atRest() {
      const lives = new Set(wantedServices(world).map(({ name }) => name));
      for (const service of new Set(sent.map((request) => request.service))) {
        const effective = sent.filter((request) => request.service === service && request.answer !== 'refused');
        const last = effective.at(-1);
        const isClear =
          last?.answer === 'accepted' &&
          last.begunAt >= Math.max(...effective.slice(0, -1).map(({ endedAt }) => endedAt), 0);
        if (last === undefined || !isClear) continue;
        if (last.type === 'install' && !lives.has(service)) return `${service} was accepted and is not there`;
        if (last.type === 'uninstall' && lives.has(service)) return `${service} was to go and is still there`;
      }
      return undefined;
    },
  };
}
