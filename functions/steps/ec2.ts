import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createEc2Hosts } from '../../lib/aws/ec2-hosts.ts';
import { createEc2Volumes } from '../../lib/aws/ec2-volumes.ts';
import { createSfnPlanRunner } from '../../lib/aws/sfn-plan-runner.ts';
import { attachVolume } from '../../lib/operations/node/attach-volume.ts';
import { chooseControllerHosts } from '../../lib/operations/node/choose-controller-hosts.ts';
import { deleteVolume } from '../../lib/operations/node/delete-volume.ts';
import { placeNode } from '../../lib/operations/node/place-node.ts';
import { environmentVariable } from '../environment.ts';
import { pause } from '../pause.ts';
import { type NodeStep, runNodeStep } from './node-step-handler.ts';
import type { StepPayload } from './step-payload.ts';
import { checkPayload, pick } from './step-table.ts';

const ports = {
  store: createDynamoStore({ tableName: environmentVariable('WARDEN_TABLE') }),
  planRunner: createSfnPlanRunner({ machinePrefix: environmentVariable('WARDEN_MACHINE_PREFIX') }),
  hosts: createEc2Hosts({ clusterArn: environmentVariable('WARDEN_CLUSTER') }),
  volumes: createEc2Volumes(),
  clock: Date.now,
  pause,
};

/** The steps that call EC2, in a function of their own because its client is large. */
const steps: Readonly<Record<string, NodeStep>> = {
  'Choose controller hosts': (request) => chooseControllerHosts(ports, request),
  Place: (request) => placeNode(ports, request),
  'Attach volume': (request) => attachVolume(ports, request),
  'Delete volume': (request) => deleteVolume(ports, request),
};

/** Entry point of the function StepsEc2. */
export function handler(payload: StepPayload): Promise<Readonly<Record<string, unknown>>> {
  const request = checkPayload(payload);
  return runNodeStep(ports, pick(steps, request.step), request);
}
