import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createEcsTasks } from '../../lib/aws/ecs-tasks.ts';
import { createSfnPlanRunner } from '../../lib/aws/sfn-plan-runner.ts';
import { forgetService } from '../../lib/operations/forget-service.ts';
import { lookAtNode } from '../../lib/operations/look-at-node.ts';
import { awaitTurn } from '../../lib/operations/node/await-turn.ts';
import { prepareVolume } from '../../lib/operations/node/prepare-volume.ts';
import { startNode } from '../../lib/operations/node/start-node.ts';
import { stopNode, stopNodeForGood } from '../../lib/operations/node/stop-node.ts';
import { reconcileService } from '../../lib/operations/reconcile-service.ts';
import { environmentVariable } from '../environment.ts';
import { pause } from '../pause.ts';
import { type NodeStep, runNodeStep } from './node-step-handler.ts';
import type { StepPayload } from './step-payload.ts';
import { checkPayload, pick } from './step-table.ts';

const ports = {
  store: createDynamoStore({ tableName: environmentVariable('WARDEN_TABLE') }),
  planRunner: createSfnPlanRunner({ machinePrefix: environmentVariable('WARDEN_MACHINE_PREFIX') }),
  tasks: createEcsTasks({ clusterArn: environmentVariable('WARDEN_CLUSTER') }),
  settings: { logGroup: environmentVariable('WARDEN_LOG_GROUP'), logRegion: environmentVariable('AWS_REGION') },
  clock: Date.now,
  pause,
};

type Output = Readonly<Record<string, unknown>>;

/** Steps of one node: they hold its lease and explain what they wait for. */
const nodeSteps: Readonly<Record<string, NodeStep>> = {
  'Await turn': (request) => awaitTurn(ports, request),
  Stop: (request) => stopNode(ports, request),
  'Stop for good': (request) => stopNodeForGood(ports, request),
  'Prepare volume': (request) => prepareVolume(ports, request),
  Start: (request) => startNode(ports, request),
};

/** Steps of a service or of all services. */
const serviceSteps: Readonly<Record<string, (request: StepPayload) => Promise<Output>>> = {
  'Look at the node': (request) => lookAtNode(ports, request),
  'Forget service': async ({ service, planId }) => {
    if (planId !== undefined) await forgetService(ports, { service, planId });
    return {};
  },
  'List services': async () => ({ services: await ports.store.listServices() }),
  'Reconcile service': async ({ service }) => {
    await reconcileService(ports, service);
    return {};
  },
};

/** Entry point of the function StepsAws. */
export function handler(payload: StepPayload): Promise<Output> {
  const nodeStep = nodeSteps[payload.step];
  if (nodeStep !== undefined) return runNodeStep(ports, nodeStep, checkPayload(payload));
  return pick(serviceSteps, payload.step)(payload);
}
