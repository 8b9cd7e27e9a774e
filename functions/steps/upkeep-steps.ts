import { silenceMs } from '../../lib/model/hosts/silent-host.ts';
import { forgetService } from '../../lib/operations/forget-service.ts';
import { removeNames } from '../../lib/operations/names/remove-names.ts';
import type { NodeStepPorts } from '../../lib/operations/node/node-step.ts';
import { publishName } from '../../lib/operations/node/publish-name.ts';
import type { EventPorts } from '../../lib/operations/on-task-changed.ts';
import { reconcileService } from '../../lib/operations/reconcile-service.ts';
import { takeUpLostEvents } from '../../lib/operations/take-up-lost-events.ts';
import { tellTruth } from '../../lib/operations/tell-truth.ts';
import type { Pause } from '../../lib/ports/clock.ts';
import type { DeadLetters } from '../../lib/ports/dead-letters.ts';
import type { NamesPorts } from '../../lib/ports/names.ts';
import { createEventsHandler } from '../events/events-handler.ts';
import { lostEvent } from '../events/lost-event.ts';
import { NotReady } from './step-error.ts';
import { createStepHandler } from './step-handler.ts';
import type { StepFunction, StepTable } from './step-table.ts';

export type UpkeepStepPorts = NodeStepPorts &
  EventPorts &
  NamesPorts & {
    readonly pause: Pause;
    readonly deadLetters: DeadLetters;
  };

/** The steps that keep records, names and lost events right, whatever no event told. They start no task. */
export function upkeepSteps(ports: UpkeepStepPorts): StepTable {
  const takeUp = createEventsHandler(ports);
  return {
    nodeSteps: {
      'Publish name': (request) => publishName(ports, request),
    },
    serviceSteps: {
      'Remove names': async ({ service, planId }) => {
        if (planId !== undefined) await removeNames(ports, { service, planId });
        return {};
      },
      'Forget service': async ({ service, planId }) => {
        if (planId !== undefined) await forgetService(ports, { service, planId });
        return {};
      },
      'List services': async ({ services, silence }) => {
        // Agents are out of touch several times an hour for a moment.
        if (silence !== undefined && ports.clock() - silence.since < silenceMs)
          throw new NotReady(`whether host ${silence.instanceId} is out of touch for longer than a moment`);
        return { services: services ?? (await ports.store.listServices()) };
      },
      'Tell what is not known': async ({ volumes }) => {
        await tellTruth(ports, volumes);
        return {};
      },
      'Reconcile service': async ({ service }) => {
        await reconcileService(ports, service);
        return {};
      },
      'Take up lost events': async () => {
        await takeUpLostEvents(ports, async (holds, body) => {
          const event = lostEvent(holds, body);
          if (event !== undefined) await takeUp(event);
        });
        return {};
      },
    },
  };
}

/** What the function StepsUpkeep does with a payload. */
export function createUpkeepHandler(ports: UpkeepStepPorts): StepFunction {
  return createStepHandler(ports, upkeepSteps(ports));
}
