import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import { createIamService } from '../../../../local/iam/service.ts';
import { createS3Service } from '../../../../local/s3/service.ts';
import { createSqsService } from '../../../../local/sqs/service.ts';
import { createSsmService } from '../../../../local/ssm/service.ts';

const PORT = 21005;
const ENDPOINT = `http://127.0.0.1:${PORT}`;
const RUNS = 150;

let folder: string;
let running: RunningCloud;
const log: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wire-malformed-'));
  running = await createCloud({
    dataFolder: folder,
    optFolder: folder,
    port: PORT,
    services: [createIamService, createS3Service, createSqsService, createSsmService],
    log: (line) => log.push(line),
  });
});

afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});

async function statusOf(path: string, init: RequestInit): Promise<number> {
  const answer = await fetch(`${ENDPOINT}${path}`, init);
  await answer.arrayBuffer();
  return answer.status;
}

test('any JSON to any JSON operation is answered or refused, never a defect', async () => {
  const operation = fc.constantFrom(
    'AmazonSSM.PutParameter',
    'AmazonSSM.GetParametersByPath',
    'AmazonSQS.CreateQueue',
    'AmazonSQS.SendMessage',
    'AmazonSQS.ReceiveMessage',
  );
  const member = fc.constantFrom(
    'Name',
    'Value',
    'Type',
    'Path',
    'Attributes',
    'QueueName',
    'QueueUrl',
    'MessageBody',
    'tags',
  );
  const body = fc.oneof(
    fc.json(),
    fc.dictionary(member, fc.jsonValue()).map((value) => JSON.stringify(value)),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(operation, body, async (target, text) => {
      const status = await statusOf('/', { method: 'POST', headers: { 'x-amz-target': target }, body: text });
      expect(status).toBeLessThan(500);
    }),
    { numRuns: RUNS },
  );
  expect(log).toEqual([]);
});

test('any form to any query operation is answered or refused, never a defect', async () => {
  const action = fc.constantFrom('CreateRole', 'PutRolePolicy', 'ListRoles', 'CreatePolicy', 'TagRole');
  const key = fc.oneof(
    fc.constantFrom(
      'RoleName',
      'PolicyDocument',
      'Tags.member.1.Key',
      'Tags.member.1',
      'Tags',
      '.',
      '..',
      'RoleName.RoleName',
    ),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(action, fc.array(fc.tuple(key, fc.string())), async (name, pairs) => {
      const body = new URLSearchParams([['Action', name], ['Version', '2010-05-08'], ...pairs]);
      expect(await statusOf('/', { method: 'POST', body })).toBeLessThan(500);
    }),
    { numRuns: RUNS },
  );
  expect(log).toEqual([]);
});

test('any path, query and body to S3 is answered or refused, never a defect', async () => {
  await running.cloud.call('s3', 'CreateBucket', { Bucket: 'bucket' });
  const path = fc.oneof(fc.webPath(), fc.constantFrom('/bucket', '/bucket/', '/bucket/k', '/bucket//k', '/'));
  const query = fc.constantFrom(
    '',
    '?delete',
    '?versioning',
    '?uploads',
    '?list-type=2&max-keys=x',
    '?uploadId=1&partNumber=x',
    '?encryption',
    '?tagging=',
  );
  const method = fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD');
  const body = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '<Delete><Object/></Delete>',
      '<a',
      '<Delete/>',
      '<VersioningConfiguration><Status>x</Status></VersioningConfiguration>',
    ),
  );
  await fc.assert(
    fc.asyncProperty(path, query, method, body, async (where, what, how, text) => {
      const init = how === 'GET' || how === 'HEAD' ? { method: how } : { method: how, body: text };
      const status = await statusOf(`${where}${what}`, init);
      expect(status === 501 || status < 500).toBe(true);
    }),
    { numRuns: RUNS },
  );
  expect(log).toEqual([]);
});

test('bytes that are no HTTP get 400 and the endpoint lives on', async () => {
  const socket = connect(PORT, '127.0.0.1');
  socket.end('\u0000\u0001 nonsense\r\n\r\n');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 400/);
  socket.destroy();
  expect(
    await statusOf('/', {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSSM.GetParameters' },
      body: '{"Names":[]}',
    }),
  ).toBe(200);
});

test('a client that goes away in the middle of its body harms nobody', async () => {
  const socket = connect(PORT, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf', () => socket.destroy());
  await once(socket, 'close');
  expect(
    await statusOf('/', {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSSM.GetParameters' },
      body: '{"Names":[]}',
    }),
  ).toBe(200);
});
