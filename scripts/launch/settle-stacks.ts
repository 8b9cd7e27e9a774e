import {
  CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { localClient } from './local-client.ts';
import { StartError } from './progress.ts';

const settledWithinMs = 300_000;
const pollMs = 250;

/**
 * Waits until no stack is in the middle of an operation: one that a crash of the cloud cut off is resumed by it, and the
 * CLI refuses to begin another meanwhile. A first deployment that was rolled back is left protected, so that the CLI
 * could not replace it: there is nothing in it to protect.
 */
export async function settleStacks(endpoint: string): Promise<void> {
  const client = new CloudFormationClient(localClient(endpoint));
  const until = Date.now() + settledWithinMs;
  for (;;) {
    const { Stacks: stacks = [] } = await client.send(new DescribeStacksCommand({}));
    const busy = stacks.filter(({ StackStatus }) => isBusy(StackStatus));
    if (busy.length === 0) return unprotectEmpty(client, stacks);
    if (Date.now() > until) throw new StartError(`stack ${busy[0]?.StackName} is still ${busy[0]?.StackStatus}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** REVIEW_IN_PROGRESS is a stack that only has a change set: nothing goes on in it. */
function isBusy(status: string | undefined): boolean {
  return status?.endsWith('_IN_PROGRESS') === true && status !== 'REVIEW_IN_PROGRESS';
}

async function unprotectEmpty(client: CloudFormationClient, stacks: readonly Stack[]): Promise<void> {
  for (const { StackName, StackStatus } of stacks) {
    if (StackStatus !== 'ROLLBACK_COMPLETE') continue;
    await client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }));
  }
}
