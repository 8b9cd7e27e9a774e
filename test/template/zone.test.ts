import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readSettings } from '../../lib/stacks/settings.ts';
import { spell } from './spell.ts';
import { createStack, existingVpc, resourcesOf, type Synthesis, synthesize } from './synthesize.ts';

const ownZone: Synthesis = { context: { 'warden:zone': 'kafka.internal' } };
const existingZone: Synthesis = {
  ...existingVpc,
  context: { ...existingVpc.context, 'warden:zone': 'kafka.internal', 'warden:hostedZoneId': 'Z0123456789ABC' },
};
const env = { account: '123456789012', region: 'eu-west-1' };

function environmentOf(template: Template, name: string): Readonly<Record<string, unknown>> {
  const found = resourcesOf(template, 'AWS::Lambda::Function').find(({ logicalId }) =>
    new RegExp(`^Functions${name}[0-9A-F]{8}$`).test(logicalId),
  );
  return found?.Properties.Environment.Variables;
}

/** Every right about names, by the role that has it. */
function namesRights(template: Template): readonly string[] {
  return resourcesOf(template, 'AWS::IAM::Policy').flatMap(({ logicalId, Properties }) =>
    (Properties.PolicyDocument.Statement as readonly Record<string, unknown>[])
      .filter(({ Action }) => [Action].flat().some((action) => String(action).startsWith('route53:')))
      .map(({ Action, Resource, Condition }) => {
        const role = /^Functions([A-Za-z0-9]+)RoleDefaultPolicy/.exec(logicalId)?.[1];
        const condition = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
        return `${role} ${[Action].flat().join(' ')} on ${spell(template, Resource)}${condition}`;
      }),
  );
}

const onlyAddresses =
  '{"ForAllValues:StringEquals":{"route53:ChangeResourceRecordSetsActions":["DELETE","UPSERT"],"route53:ChangeResourceRecordSetsRecordTypes":["A"]}}';

describe('a stack with a private zone', () => {
  const template = synthesize(ownZone);

  test('makes the zone, private to its VPC', () => {
    const [zone, ...others] = resourcesOf(template, 'AWS::Route53::HostedZone');
    const [vpc] = resourcesOf(template, 'AWS::EC2::VPC');
    expect(others).toEqual([]);
    expect(zone?.Properties).toMatchObject({
      Name: 'kafka.internal.',
      VPCs: [{ VPCId: { Ref: vpc?.logicalId }, VPCRegion: { Ref: 'AWS::Region' } }],
    });
    expect(vpc?.Properties).toMatchObject({ EnableDnsHostnames: true, EnableDnsSupport: true });
  });

  test('tells it to the functions that install services and publish names, and to no others', () => {
    const [zone] = resourcesOf(template, 'AWS::Route53::HostedZone');
    for (const name of ['Api', 'ApiCommands', 'ApiDeployment'])
      expect(environmentOf(template, name)).toMatchObject({ WARDEN_ZONE: 'kafka.internal' });
    expect(environmentOf(template, 'Api')).not.toHaveProperty('WARDEN_HOSTED_ZONE');
    expect(environmentOf(template, 'StepsUpkeep')).toMatchObject({
      WARDEN_ZONE: 'kafka.internal',
      WARDEN_HOSTED_ZONE: { Ref: zone?.logicalId },
    });
    for (const name of ['ApiKafka', 'Events', 'StepsAws', 'StepsEc2', 'StepsKafka'])
      expect(environmentOf(template, name)).not.toHaveProperty('WARDEN_ZONE');
  });

  test('lets one function change addresses in this zone, and nothing else of Route 53', () => {
    const [zone] = resourcesOf(template, 'AWS::Route53::HostedZone');
    const arn = `arn:<AWS::Partition>:route53:::hostedzone/<${zone?.logicalId}>`;
    expect(namesRights(template)).toEqual([
      `StepsUpkeep route53:ChangeResourceRecordSets on ${arn} if ${onlyAddresses}`,
      `StepsUpkeep route53:ListResourceRecordSets on ${arn}`,
      'StepsUpkeep route53:GetChange on arn:<AWS::Partition>:route53:::change/*',
    ]);
  });

  test.each<[string, Synthesis]>([
    ['for any account and region', ownZone],
    ['for one account and region', { ...ownZone, stackProps: { env } }],
    ['with a zone that exists', existingZone],
  ])('%s passes AwsSolutions but for the findings that are acknowledged', (_, synthesis) => {
    const stack = createStack(synthesis);
    const report = new AwsSolutionsChecks(stack, { verbose: true }).validateScope(stack);
    expect(report.violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
  });
});

describe('a stack with a zone that exists', () => {
  test('makes none and publishes into that one', () => {
    const template = synthesize(existingZone);
    expect(resourcesOf(template, 'AWS::Route53::HostedZone')).toEqual([]);
    expect(environmentOf(template, 'StepsUpkeep')).toMatchObject({ WARDEN_HOSTED_ZONE: 'Z0123456789ABC' });
    expect(namesRights(template)[1]).toBe(
      'StepsUpkeep route53:ListResourceRecordSets on arn:aws:route53:::hostedzone/Z0123456789ABC',
    );
  });
});

describe('a stack without a zone', () => {
  test('knows nothing of Route 53', () => {
    const template = synthesize();
    expect(resourcesOf(template, 'AWS::Route53::HostedZone')).toEqual([]);
    expect(namesRights(template)).toEqual([]);
    for (const name of ['Api', 'StepsUpkeep']) expect(environmentOf(template, name)).not.toHaveProperty('WARDEN_ZONE');
  });
});

describe('the zone in the context', () => {
  const read = (context: Readonly<Record<string, unknown>>) => readSettings((key) => context[key]);

  test.each(['kafka.internal', 'a.b', 'k8s-1.eu.example.com', `${'a'.repeat(63)}.internal`])('may be %s', (name) => {
    expect(read({ 'warden:zone': name })).toMatchObject({ type: 'accepted', settings: { zone: { name } } });
  });

  test.each([
    ['internal'],
    ['kafka.internal.'],
    ['Kafka.internal'],
    ['kafka..internal'],
    ['-kafka.internal'],
    ['kafka_1.internal'],
    [`${'a'.repeat(64)}.internal`],
    [`${'abcdefghi.'.repeat(20)}ab`],
    ['amazonaws.com'],
    ['us-east-1.amazonaws.com'],
    [7],
  ])('may not be %s', (value) => {
    expect(read({ 'warden:zone': value })).toEqual({
      type: 'refused',
      refusals: [
        {
          field: 'warden:zone',
          value,
          message:
            'warden:zone must be the name of a private zone: two or more labels of a-z, 0-9 and - joined by dots, up to 200 characters, not amazonaws.com',
          hint: 'for example -c warden:zone=kafka.internal',
        },
      ],
    });
  });

  test('that exists needs its name and its VPC', () => {
    expect(read({ 'warden:hostedZoneId': 'Z1' })).toMatchObject({
      type: 'refused',
      refusals: [
        {
          field: 'warden:hostedZoneId',
          message: 'warden:hostedZoneId must come with warden:zone, the name of that zone',
          hint: 'for example -c warden:zone=kafka.internal',
        },
        { message: 'warden:hostedZoneId must come with warden:vpcId, the VPC that the zone is associated with' },
      ],
    });
    expect(read({ 'warden:zone': 'a.b', 'warden:vpcId': 'vpc-01234567', 'warden:hostedZoneId': 'z1' })).toMatchObject({
      type: 'refused',
      refusals: [{ field: 'warden:hostedZoneId', value: 'z1' }],
    });
  });
});
