import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolverFile } from '../../../../local/core/resolver-file.ts';
import { createEc2Service } from '../../../../local/ec2/service.ts';
import { createLambdaService } from '../../../../local/lambda/service.ts';
import { createFunction, invoke, newFolder, removeFolder, type SmallCloud, startSmallCloud } from './small-cloud.ts';

/** Looks a name up in each way that Node has, and connects to it. */
const CODE = `
import dns, { lookup } from 'node:dns';
import { connect } from 'node:net';
const outcome = (act) => act().catch(({ code }) => code);
const called = (name, options) => new Promise((resolve, reject) =>
  lookup(name, options, (error, ...answer) => (error ? reject(error) : resolve(answer))));
const connected = (host, port) => new Promise((resolve) =>
  connect({ host, port }).once('connect', function () { resolve(this.remoteAddress); this.destroy(); }).once('error', ({ code }) => resolve(code)));
export const handler = async ({ name, port }) => ({
  one: await outcome(() => called(name, {})),
  all: await outcome(() => called(name, { all: true })),
  six: await outcome(() => called(name, 6)),
  promised: await outcome(() => dns.promises.lookup(name)),
  connected: port === undefined ? 'not tried' : await connected(name, port),
});
`;

let folder: string;
let small: SmallCloud;
let vpcId: string;

beforeAll(async () => {
  folder = newFolder();
  small = await startSmallCloud({ folder, port: 21372, services: [createEc2Service, createLambdaService] });
  vpcId = (await small.cloud.call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
  const { Subnet } = await small.cloud.call('ec2', 'CreateSubnet', { VpcId: vpcId, CidrBlock: '10.0.0.0/24' });
  await createFunction(small.cloud, 'inside', {
    code: CODE,
    VpcConfig: { SubnetIds: [Subnet.SubnetId], SecurityGroupIds: ['sg-1'] },
  });
  await createFunction(small.cloud, 'outside', { code: CODE });
});

afterAll(async () => {
  await small.close();
  removeFolder(folder);
});

function answerInVpc(...lines: string[]): void {
  const file = resolverFile(folder, vpcId);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, [...lines, ''].join('\n'));
}

const unknown = { one: 'ENOTFOUND', all: 'ENOTFOUND', six: 'ENOTFOUND', promised: 'ENOTFOUND' };

describe('a function in a VPC', () => {
  test('looks names of a private zone up in it, as they are at that moment', async () => {
    answerInVpc('# zone kafka.internal', '127.0.0.1 b0.kafka.internal', '127.0.0.2 b0.kafka.internal');
    const port = Number(new URL(small.cloud.endpointUrl).port);
    const first = await invoke(small.cloud, 'inside', { name: 'B0.kafka.internal', port });
    expect(first.payload).toEqual({
      one: ['127.0.0.1', 4],
      all: [
        [
          { address: '127.0.0.1', family: 4 },
          { address: '127.0.0.2', family: 4 },
        ],
      ],
      six: 'ENOTFOUND',
      promised: { address: '127.0.0.1', family: 4 },
      connected: '127.0.0.1',
    });
    answerInVpc('# zone kafka.internal', '127.0.0.3 b0.kafka.internal');
    const second = await invoke(small.cloud, 'inside', { name: 'b0.kafka.internal' });
    expect(second.payload).toMatchObject({ one: ['127.0.0.3', 4] });
  });

  test('finds nothing under a name that the zone has not, and other names where this machine does', async () => {
    answerInVpc('# zone kafka.internal', '127.0.0.1 b0.kafka.internal');
    const missing = await invoke(small.cloud, 'inside', { name: 'b1.kafka.internal' });
    expect(missing.payload).toMatchObject(unknown);
    const machine = await invoke(small.cloud, 'inside', { name: 'localhost' });
    expect(machine.payload).toMatchObject({ all: [expect.arrayContaining([{ address: '127.0.0.1', family: 4 }])] });
  });
});

describe('a function outside of any VPC', () => {
  test('does not know the names of private zones', async () => {
    answerInVpc('# zone kafka.internal', '127.0.0.1 b0.kafka.internal');
    const answer = await invoke(small.cloud, 'outside', { name: 'b0.kafka.internal' });
    expect(answer.payload).toMatchObject({ one: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) });
  });
});

describe('a function whose subnet is gone', () => {
  test('is not invoked', async () => {
    await createFunction(small.cloud, 'lost', {
      code: CODE,
      VpcConfig: { SubnetIds: ['subnet-00000000000000000'], SecurityGroupIds: ['sg-1'] },
    });
    await expect(invoke(small.cloud, 'lost')).rejects.toMatchObject({ name: 'InvalidSubnetIDException' });
  });
});
