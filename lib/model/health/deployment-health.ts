import type { InstallBar } from '../deployment/install-bar.ts';
import type { Orphans } from '../truth/orphan.ts';
import type { Health, HealthValue } from './health.ts';
import { lostEventSentences } from './lost-event-sentences.ts';
import type { LostEventsLook } from './lost-events-look.ts';

/** What the health of the whole deployment is made of. */
export interface DeploymentParts {
  /** `hibernates`: nothing of it is to run. */
  readonly services: readonly {
    readonly name: string;
    readonly value: HealthValue;
    readonly hibernates?: boolean;
  }[];
  readonly lostEvents?: LostEventsLook | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly bar?: InstallBar | undefined;
  readonly orphans?: Orphans | undefined;
}

/** The value that needs a person most comes first. */
const gravest: readonly HealthValue[] = [500, 503, 207, 208, 203, 205, 206, 204, 202];

/**
 * How the deployment is: as its gravest service, and degraded (206) when lost events cannot be taken up while all services run.
 * Barred installs and services that hibernate are named and change no value: they are somebody's wish.
 */
export function deploymentHealth({ services, lostEvents, now, bar, orphans }: DeploymentParts): Health {
  const lost = lostEventSentences(lostEvents, now);
  const values: readonly HealthValue[] = [
    ...services.filter((service) => !isAsleep(service)).map(({ value }) => value),
    ...(lost.unwell.length > 0 ? [206 as const] : []),
  ];
  const unwell = services.filter(({ value }) => value !== 200);
  return {
    value: gravest.find((value) => values.includes(value)) ?? 200,
    reasons: [
      ...unwell.map((service) =>
        isAsleep(service)
          ? `service ${service.name} hibernates`
          : `service ${service.name} is at ${service.value}: GET /service/${service.name}/v1/health says why`,
      ),
      ...lost.unwell,
      ...lost.repaired,
      ...orphanSentences(orphans),
      ...(bar === undefined ? [] : [barSentence(bar)]),
    ],
  };
}

/** While it goes to sleep it is at work like any other. */
function isAsleep({ value, hibernates }: DeploymentParts['services'][number]): boolean {
  return hibernates === true && value === 207;
}

/** What is not known hinders no service by itself: it is named, and changes no value. */
function orphanSentences(orphans: Orphans | undefined): readonly string[] {
  const count = (orphans?.found.length ?? 0) + (orphans?.more ?? 0);
  if (count === 0) return [];
  const what = count === 1 ? '1 task or volume' : `${count} tasks and volumes`;
  return [
    `the cloud has ${what} that the table does not know: GET /v1/orphans (warden orphans) names them and what to do`,
  ];
}

function barSentence({ since, barredBy }: InstallBar): string {
  return `installs are barred since ${new Date(since).toISOString()} by ${barredBy}, while the stack may be destroyed: POST /admin/forbid-destroy opens them, and so does the next cdk deploy`;
}
