import { fenceHosts } from '../../lib/operations/fence-hosts.ts';
import { hostsNeedALook, lookAtHosts } from '../../lib/operations/look-at-hosts.ts';
import { lookAtVolumes } from '../../lib/operations/look-at-volumes.ts';
import { adoptNode } from '../../lib/operations/node/adopt-node.ts';
import { attachVolume } from '../../lib/operations/node/attach-volume.ts';
import { chooseControllerHosts } from '../../lib/operations/node/choose-controller-hosts.ts';
import { deleteReplacedVolume } from '../../lib/operations/node/delete-replaced-volume.ts';
import { deleteVolume } from '../../lib/operations/node/delete-volume.ts';
import { findAnotherHost } from '../../lib/operations/node/find-another-host.ts';
import type { NodeStepPorts } from '../../lib/operations/node/node-step.ts';
import { placeNode } from '../../lib/operations/node/place-node.ts';
import { passIdleNodes } from '../../lib/operations/pass-idle-nodes.ts';
import { replaceLostNodes } from '../../lib/operations/replace-lost-nodes.ts';
import type { NewId, Pause } from '../../lib/ports/clock.ts';
import type { Hosts } from '../../lib/ports/hosts.ts';
import type { PlanRunner } from '../../lib/ports/plan-runner.ts';
import type { Tasks } from '../../lib/ports/tasks.ts';
import type { Volumes } from '../../lib/ports/volumes.ts';
import { StepFailure } from './step-error.ts';
import { createStepHandler } from './step-handler.ts';
import { checkPayload, type StepFunction, type StepTable } from './step-table.ts';

export type Ec2StepPorts = NodeStepPorts & {
  readonly planRunner: PlanRunner;
  readonly hosts: Hosts;
  readonly volumes: Volumes;
  readonly tasks: Tasks;
  readonly pause: Pause;
  readonly newId: NewId;
};

/** The steps that call EC2, in a function of their own because its client is large. */
export function ec2Steps(ports: Ec2StepPorts): StepTable {
  return {
    nodeSteps: {
      'Choose controller hosts': (request) => chooseControllerHosts(ports, request),
      'Find another host': (request) => findAnotherHost(ports, request),
      Place: (request) => placeNode(ports, request),
      'Attach volume': (request) => attachVolume(ports, request),
      'Adopt the node': (request) => adoptNode(ports, request),
      'Delete the old volume': (request) => deleteReplacedVolume(ports, request),
      'Delete volume': (request) => deleteVolume(ports, request),
    },
    serviceSteps: {
      'Pass idle nodes': (request) => passIdleNodes(ports, checkPayload(request)),
      'Look at volumes': async () => ({ ...(await lookAtVolumes(ports)) }),
      'Look at hosts': async ({ service, silence }) => {
        await lookAtHosts(ports, service, silence);
        await replaceLostNodes(ports, service);
        if (await hostsNeedALook(ports, service))
          throw new StepFailure('HostOutOfTouch', `a host of ${service} is out of touch, or is to end`);
        return {};
      },
      'Fence hosts': async ({ service }) => {
        await fenceHosts(ports, service);
        return {};
      },
    },
  };
}

/** What the function StepsEc2 does with a payload. */
export function createEc2Handler(ports: Ec2StepPorts): StepFunction {
  return createStepHandler(ports, ec2Steps(ports));
}
