import { openSteps, type PlanItem } from '../run/plans.ts';
import type { Watch } from './invariant.ts';
import { writtenBy } from './written-items.ts';

/** A volume that a goal says its node has given up. */
interface GivenUp {
  readonly id: string;
  readonly needless?: boolean;
}

/**
 * Once its hibernation is complete nothing of a service runs before it is resumed, and from the word on nothing of it is
 * thrown away: no volume is deleted but one that was given up before, and whose node was in sync without it.
 */
export const whoHibernatesSleeps: Watch = ({ onServed, containers, aws }) => {
  /** Services that are to sleep, with the plan that takes them down. */
  const asked = new Map<string, string>();
  const asleep = new Set<string>();
  const broken: string[] = [];
  const awake = (service: string): readonly string[] =>
    [...containers.values()]
      .map(({ startedBy }) => startedBy)
      .filter((startedBy) => startedBy.startsWith(`warden/${service}/`) && startedBy.includes('/node/'));
  const isNeedless = (volumeId: string | undefined): boolean =>
    aws
      .items()
      .flatMap(({ discarded }) => (discarded ?? []) as unknown as readonly GivenUp[])
      .some(({ id, needless }) => id === volumeId && needless === true);
  onServed((call) => {
    for (const item of writtenBy(call).put) {
      const service = String(item['service']);
      if (item['sk'] === 'WISH' || item['sk'] === 'TARGET') asleep.delete(service);
      if (item['sk'] === 'TARGET') asked.delete(service);
      if (item['sk'] === 'WISH' && item['hibernates'] !== true) asked.delete(service);
      if (item['sk'] === 'WISH' && item['hibernates'] === true) asked.set(service, String(item['planId']));
    }
    for (const [service, planId] of asked) {
      if (asleep.has(service) || !writtenBy(call).put.some(({ sk }) => String(sk).startsWith(`STEP#${planId}#`)))
        continue;
      const plan: object | undefined = aws
        .items()
        .find(({ pk, sk }) => pk === `SERVICE#${service}` && sk === `PLAN#${planId}`);
      if (plan === undefined || openSteps({ aws }, plan as PlanItem).length > 0) continue;
      asleep.add(service);
      const left = awake(service);
      if (left.length > 0) broken.push(`${service} hibernates, and ${left.join(', ')} runs`);
    }
    const [, started = ''] = /^warden\/([^/]+)\/\d+\/node\//.exec(String(call.input['startedBy'])) ?? [];
    if (call.operation === 'RunTask' && asleep.has(started))
      broken.push(`${String(call.input['startedBy'])} was started while its service hibernates`);
    if (call.operation === 'DeleteVolume') {
      const volume = aws.volumes().find(({ id }) => id === call.input['VolumeId']);
      const owner = volume?.tags['warden:service'] ?? '';
      if (asked.has(owner) && !isNeedless(volume?.id))
        broken.push(`${volume?.id} of ${owner}, which hibernates, was deleted`);
    }
  });
  return {
    rule: 'of a service that hibernates nothing runs and nothing is thrown away',
    afterStep: () => broken[0],
    nowAndThen() {
      const [first] = [...asleep].filter((service) => awake(service).length > 0);
      return first === undefined ? undefined : `${first} hibernates, and ${awake(first).join(', ')} runs`;
    },
  };
};
