import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCloudformationService } from '../../../../local/cloudformation/service.ts';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import { createIamService } from '../../../../local/iam/service.ts';
import { createS3Service } from '../../../../local/s3/service.ts';
import { createSsmService } from '../../../../local/ssm/service.ts';
import { newFolder } from './toy-world.ts';

const PORT = 21_110;
const CLIENT = {
  endpoint: `http://127.0.0.1:${PORT}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};

let running: RunningCloud;

beforeAll(async () => {
  running = await createCloud({
    dataFolder: newFolder(),
    optFolder: '/nowhere',
    port: PORT,
    services: [createCloudformationService, createIamService, createS3Service, createSsmService],
    log: () => {},
  });
});

afterAll(() => running.close());

test("the CDK's bootstrap template is deployed over the wire onto the real services", async () => {
  const client = new CloudFormationClient(CLIENT);
  const cdk = dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json'));
  const TemplateBody = readFileSync(join(cdk, 'lib/api/bootstrap/bootstrap-template.yaml'), 'utf8');
  const request = {
    StackName: 'CDKToolkit',
    ChangeSetName: 'bootstrap',
    TemplateBody,
    Parameters: [{ ParameterKey: 'FileAssetsBucketKmsKeyId', ParameterValue: 'AWS_MANAGED_KEY' }],
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
  };
  await client.send(new CreateChangeSetCommand({ ...request, ChangeSetType: 'CREATE' }));
  await client.send(new ExecuteChangeSetCommand({ StackName: 'CDKToolkit', ChangeSetName: 'bootstrap' }));
  expect(await restOf(client)).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });

  const { StackResourceSummaries } = await client.send(new ListStackResourcesCommand({ StackName: 'CDKToolkit' }));
  expect(StackResourceSummaries).toHaveLength(11);
  const version = await new SSMClient(CLIENT).send(
    new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }),
  );
  expect(version.Parameter?.Value).toBe('33');
  const RoleName = 'cdk-hnb659fds-deploy-role-000000000000-us-east-1';
  const { Role } = await new IAMClient(CLIENT).send(new GetRoleCommand({ RoleName }));
  expect(Role?.Tags).toEqual([{ Key: 'aws-cdk:bootstrap-role', Value: 'deploy' }]);

  await client.send(new CreateChangeSetCommand({ ...request, ChangeSetName: 'again' }));
  const again = await client.send(new DescribeChangeSetCommand({ StackName: 'CDKToolkit', ChangeSetName: 'again' }));
  expect(again.StatusReason).toMatch(/^The submitted information didn't contain changes\./);
});

async function restOf(client: CloudFormationClient) {
  for (;;) {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'CDKToolkit' }));
    const [stack] = Stacks ?? [];
    if (stack?.StackStatus?.endsWith('_IN_PROGRESS') !== true) return stack;
  }
}
