import { createCloudformationService } from '../../../../local/cloudformation/service.ts';
import type { ServiceName } from '../../../../local/core/service.ts';
import { CATALOG } from '../../../../local/wire/catalog.ts';
import { checkValue } from '../../../../local/wire/check.ts';
import { findOperation } from '../../../../local/wire/operation.ts';
import { createClient, newFolder, toyCloud } from './toy-world.ts';

/** A call as `service Operation` with its input. */
type RecordedCall = readonly [string, object];

export type Answers = Readonly<Record<string, unknown>>;

/**
 * CloudFormation over services that only listen: each input is checked against the schema of its operation, written
 * down, and answered with what the test says, or with nothing.
 */
export function openRecorder(answers: Answers, dataFolder: string = newFolder()) {
  const calls: RecordedCall[] = [];
  const call = async (service: ServiceName, name: string, input: object) => {
    const operation = findOperation(await CATALOG[service].load(), name);
    if (operation === undefined) throw new Error(`${service} has no operation ${name}`);
    const [problem] = checkValue(operation.input, input);
    if (problem !== undefined) throw new Error(`${service} ${name}: ${problem.message}`);
    calls.push([`${service} ${name}`, input]);
    const answer = answers[`${service} ${name}`];
    return typeof answer === 'function' ? answer(input) : (answer ?? {});
  };
  const service = createCloudformationService(toyCloud(call, dataFolder));
  const client = createClient(service);
  /** Deploys one resource named Thing into the stack Shop and gives the calls that it took. */
  const deploy = async (type: string, properties: object, more: object = {}) => {
    calls.length = 0;
    const template = { Resources: { Thing: { Type: type, Properties: properties } }, ...more };
    const stack = await client.deploy('Shop', template, { Capabilities: ['CAPABILITY_NAMED_IAM'] });
    return { stack, calls: [...calls] };
  };
  const failure = async () => {
    const { StackEvents } = await client.send('DescribeStackEvents', { StackName: 'Shop' });
    return StackEvents.find(({ ResourceStatus }: { ResourceStatus: string }) =>
      /(CREATE|UPDATE)_FAILED$/.test(ResourceStatus),
    )?.ResourceStatusReason;
  };
  const remove = async () => {
    calls.length = 0;
    const { StackId } = await client.describe('Shop');
    await client.send('DeleteStack', { StackName: 'Shop' });
    await client.atRest(StackId);
    return [...calls];
  };
  return { ...client, deploy, remove, failure, service };
}
