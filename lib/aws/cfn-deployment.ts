import {
  CloudFormationClient,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import type { Deployment } from '../ports/deployment.ts';
import { awsCall, DeploymentError } from './operating-errors.ts';

/** Whatever takes the commands of CloudFormation. */
type Client = Pick<CloudFormationClient, 'send'>;

/** The port Deployment on CloudFormation. `stackId` is the ARN of our own stack, so that no other one can be meant. */
export function createCfnDeployment(options: { readonly stackId: string; readonly client?: Client }): Deployment {
  const { stackId: StackName, client = new CloudFormationClient({}) } = options;
  return {
    isProtected: () =>
      awsCall(
        async () => {
          const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
          return stack?.EnableTerminationProtection === true;
        },
        { asked: 'read the termination protection of the stack', as: DeploymentError },
      ),
    protect: (isProtected) =>
      awsCall(
        async () => {
          await client.send(
            new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: isProtected }),
          );
        },
        { asked: `turn the termination protection of the stack ${isProtected ? 'on' : 'off'}`, as: DeploymentError },
      ),
  };
}
