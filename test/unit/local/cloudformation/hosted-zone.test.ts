import { describe, expect, test } from '@jest/globals';
import { openRecorder } from './recording-cloud.ts';
import { newFolder } from './toy-world.ts';

const type = 'AWS::Route53::HostedZone';
const vpc = (VPCId: string) => ({ VPCId, VPCRegion: 'us-east-1' });
const zone = {
  Name: 'kafka.internal.',
  VPCs: [vpc('vpc-1'), vpc('vpc-2')],
  HostedZoneTags: [{ Key: 'owner', Value: 'me' }],
};
const made = { 'route53 CreateHostedZone': { HostedZone: { Id: '/hostedzone/Z1' } } };
const tagged = { ResourceType: 'hostedzone', ResourceId: 'Z1' };

describe('a hosted zone', () => {
  test('is created in its first VPC and associated with the others', async () => {
    const { calls, stack } = await openRecorder(made).deploy(type, zone, {
      Outputs: { Id: { Value: { Ref: 'Thing' } } },
    });
    expect(calls).toEqual([
      ['route53 CreateHostedZone', { Name: 'kafka.internal.', CallerReference: expect.any(String), VPC: vpc('vpc-1') }],
      ['route53 AssociateVPCWithHostedZone', { HostedZoneId: 'Z1', VPC: vpc('vpc-2') }],
      ['route53 ChangeTagsForResource', { ...tagged, AddTags: [{ Key: 'owner', Value: 'me' }] }],
    ]);
    expect(stack.Outputs).toEqual([{ OutputKey: 'Id', OutputValue: 'Z1' }]);
  });

  test('changes its VPCs and tags in place', async () => {
    const { deploy } = openRecorder(made);
    await deploy(type, zone);
    const { calls } = await deploy(type, { Name: zone.Name, VPCs: [vpc('vpc-2'), vpc('vpc-3')] });
    expect(calls).toEqual([
      ['route53 AssociateVPCWithHostedZone', { HostedZoneId: 'Z1', VPC: vpc('vpc-3') }],
      ['route53 DisassociateVPCFromHostedZone', { HostedZoneId: 'Z1', VPC: vpc('vpc-1') }],
      ['route53 ChangeTagsForResource', { ...tagged, RemoveTagKeys: ['owner'] }],
    ]);
  });

  test('of another name is another zone', async () => {
    const { deploy } = openRecorder(made);
    await deploy(type, zone);
    const { calls } = await deploy(type, { ...zone, Name: 'other.internal.' });
    expect(calls.map(([name]) => name)).toContain('route53 CreateHostedZone');
    expect(calls).toContainEqual(['route53 DeleteHostedZone', { Id: 'Z1' }]);
  });

  test('is deleted with its stack', async () => {
    const { deploy, remove } = openRecorder(made);
    await deploy(type, zone);
    expect(await remove()).toEqual([['route53 DeleteHostedZone', { Id: 'Z1' }]]);
  });

  test('is found again by its reference when the process died before it wrote the id down', async () => {
    const dataFolder = newFolder();
    const TemplateBody = JSON.stringify({ Resources: { Thing: { Type: type, Properties: zone } } });
    const CallerReference = await new Promise<string>((settle) => {
      const create = (input: { readonly CallerReference: string }) => {
        settle(input.CallerReference);
        return new Promise(() => {});
      };
      const dying = openRecorder({ 'route53 CreateHostedZone': create }, dataFolder);
      void dying.send('CreateStack', { StackName: 'Shop', TemplateBody });
    });
    const refuse = () => {
      throw Object.assign(new Error('made already'), { name: 'HostedZoneAlreadyExists' });
    };
    const found = { HostedZones: [{ Id: '/hostedzone/Z7', CallerReference }] };
    const next = openRecorder(
      { 'route53 CreateHostedZone': refuse, 'route53 ListHostedZonesByName': found },
      dataFolder,
    );
    await next.service.start?.();
    expect((await next.atRest('Shop')).StackStatus).toBe('CREATE_COMPLETE');
    const { StackResources } = await next.send('DescribeStackResources', { StackName: 'Shop' });
    expect(StackResources[0].PhysicalResourceId).toBe('Z7');
  });
});
