import { silenceMs } from '../../lib/model/hosts/silent-host.ts';
import { endPause } from '../../lib/operations/end-pause.ts';
import { forgetService } from '../../lib/operations/forget-service.ts';
import { lookAtNode } from '../../lib/operations/look-at-node.ts';
import { removeNames } from '../../lib/operations/names/remove-names.ts';
import { awaitTurn } from '../../lib/operations/node/await-turn.ts';
import type { LookPorts } from '../../lib/operations/node/look-at-task.ts';
import type { LogSettings } from '../../lib/operations/node/node-task-input.ts';
import { prepareVolume } from '../../lib/operations/node/prepare-volume.ts';
import { publishName } from '../../lib/operations/node/publish-name.ts';
import { startNode } from '../../lib/operations/node/start-node.ts';
import { stayPaused } from '../../lib/operations/node/stay-paused.ts';
import { stopNode, stopNodeForGood } from '../../lib/operations/node/stop-node.ts';
import { takeUpdateBack } from '../../lib/operations/node/take-update-back.ts';
import { reconcileService } from '../../lib/operations/reconcile-service.ts';
import { tellTruth } from '../../lib/operations/tell-truth.ts';
import type { NewId } from '../../lib/ports/clock.ts';
import type { NamesPorts } from '../../lib/ports/names.ts';
import type { PlanRunner } from '../../lib/ports/plan-runner.ts';
import type { TaskLogs } from '../../lib/ports/task-logs.ts';
import { NotReady } from './step-error.ts';
import { createStepHandler } from './step-handler.ts';
import type { StepFunction, StepTable } from './step-table.ts';

export type AwsStepPorts = LookPorts &
  NamesPorts & {
    readonly planRunner: PlanRunner;
    readonly taskLogs: TaskLogs;
    readonly settings: LogSettings;
    readonly newId: NewId;
  };

/** The steps that call ECS, Route 53 and Step Functions. */
export function awsSteps(ports: AwsStepPorts): StepTable {
  return {
    nodeSteps: {
      'Await turn': (request) => awaitTurn(ports, request),
      Stop: (request) => stopNode(ports, request),
      'Stop for good': (request) => stopNodeForGood(ports, request),
      'Prepare volume': (request) => prepareVolume(ports, request),
      'Publish name': (request) => publishName(ports, request),
      Start: (request) => startNode(ports, request),
      'Stay paused': (request) => stayPaused(ports, request),
      'Take the update back': (request) => takeUpdateBack(ports, request),
    },
    serviceSteps: {
      'Look at the node': (request) => lookAtNode(ports, request),
      'Bring the node back': async (request) => {
        await endPause(ports, request);
        return {};
      },
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
    },
  };
}

/** What the function StepsAws does with a payload. */
export function createAwsHandler(ports: AwsStepPorts): StepFunction {
  return createStepHandler(ports, awsSteps(ports));
}
