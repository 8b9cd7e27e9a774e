import type { AcceptedUpdate, Service } from './service.ts';
import type { Story } from './story.ts';

const continues = 6;

/** Lets an operator who always agrees walk a canary plan to its end. */
export async function continueUntilComplete(service: Service, planId: string): Promise<void> {
  for (let said = 0; said <= continues; said++) {
    const status = await service.untilPlan('the plan is complete or waits', planId, ({ status }) =>
      status === 'COMPLETE' || status === 'WAITING' ? status : undefined,
    );
    if (status === 'COMPLETE') return;
    await service.command(planId, 'continue');
    await service.untilPlan('the plan has left the decision point', planId, ({ status }) =>
      status === 'WAITING' ? undefined : true,
    );
  }
  throw new Error(`the plan ${planId} still waits after ${continues} times continue`);
}

/** Hands the options that make updates stop to a chapter; puts strategy and the chapter's properties back whatever became of it. */
export async function withStage(
  { service }: Pick<Story, 'service'>,
  kafka: object,
  chapter: (stage: object) => Promise<void>,
): Promise<void> {
  try {
    await chapter({ phase_strategy: 'STAGE' });
  } finally {
    const answer = await service.askForUpdate({ service: { phase_strategy: 'INSTALL', rollback: 'manual' }, kafka });
    // 200: nothing is different, because the chapter broke off before it began.
    if (answer.status === 202) await continueUntilComplete(service, (answer.body as AcceptedUpdate).planId);
  }
}
