import { endPause } from '../../lib/operations/end-pause.ts';
import { lookAtNode } from '../../lib/operations/look-at-node.ts';
import { awaitTurn } from '../../lib/operations/node/await-turn.ts';
import type { LookPorts } from '../../lib/operations/node/look-at-task.ts';
import type { LogSettings } from '../../lib/operations/node/node-task-input.ts';
import { prepareVolume } from '../../lib/operations/node/prepare-volume.ts';
import { startNode } from '../../lib/operations/node/start-node.ts';
import { stayPaused } from '../../lib/operations/node/stay-paused.ts';
import { stopNode, stopNodeForGood } from '../../lib/operations/node/stop-node.ts';
import { takeUpdateBack } from '../../lib/operations/node/take-update-back.ts';
import type { NewId } from '../../lib/ports/clock.ts';
import type { PlanRunner } from '../../lib/ports/plan-runner.ts';
import { createStepHandler } from './step-handler.ts';
import type { StepFunction, StepTable } from './step-table.ts';

export type AwsStepPorts = LookPorts & {
  readonly planRunner: PlanRunner;
  readonly settings: LogSettings;
  readonly newId: NewId;
};

/** The steps that call ECS and Step Functions. */
export function awsSteps(ports: AwsStepPorts): StepTable {
  return {
    nodeSteps: {
      'Await turn': (request) => awaitTurn(ports, request),
      Stop: (request) => stopNode(ports, request),
      'Stop for good': (request) => stopNodeForGood(ports, request),
      'Prepare volume': (request) => prepareVolume(ports, request),
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
    },
  };
}

/** What the function StepsAws does with a payload. */
export function createAwsHandler(ports: AwsStepPorts): StepFunction {
  return createStepHandler(ports, awsSteps(ports));
}
