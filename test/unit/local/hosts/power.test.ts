import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isAlive, type RecordedProcess } from '../../../../local/core/processes.ts';
import { hostFolder } from '../../../../local/hosts/host-folder.ts';
import { writeHost } from '../../../../local/hosts/host-record.ts';
import { cutOffHost, hasAgent, liveAgent, startAgent } from '../../../../local/hosts/power.ts';

const instanceId = 'i-0123456789abcdef0';
let dataFolder: string;

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'power-'));
  writeHost({
    ...{ instanceId, instanceType: 'm7g.large', imageId: 'ami-1', address: '127.34.0.1', zone: 'us-east-1a' },
    ...{ vpcId: 'vpc-1', subnetId: 'subnet-1', cpu: 2048, memoryMiB: 7782, cluster: 'test', attributes: {} },
    ...{ architecture: 'arm64', dataFolder, optFolder: join(dataFolder, 'opt') },
  });
});

afterEach(async () => {
  await cutOffHost(dataFolder, instanceId);
  rmSync(dataFolder, { recursive: true, force: true });
});

function lastStarted(): RecordedProcess {
  return JSON.parse(readFileSync(join(hostFolder(dataFolder, instanceId), 'agent-starting.json'), 'utf8'));
}

/** Starts an agent and holds it before it has done anything, as a busy machine does. */
function startSlowly(): RecordedProcess {
  startAgent(dataFolder, instanceId);
  const agent = lastStarted();
  process.kill(agent.pid, 'SIGSTOP');
  return agent;
}

test('an agent that comes up slowly is not taken for gone, and not started a second time', () => {
  const first = startSlowly();
  expect(liveAgent(dataFolder, instanceId)).toBeUndefined();
  expect(hasAgent(dataFolder, instanceId)).toBe(true);
  startAgent(dataFolder, instanceId);
  expect(lastStarted()).toEqual(first);
});

test('a host that is cut off takes an agent with it that was still coming up', async () => {
  const agent = startSlowly();
  await cutOffHost(dataFolder, instanceId);
  expect(isAlive(agent)).toBe(false);
  expect(hasAgent(dataFolder, instanceId)).toBe(false);
});

test('an agent that is gone is told as gone, and another one is started', async () => {
  const first = startSlowly();
  process.kill(first.pid, 'SIGKILL');
  while (isAlive(first)) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(hasAgent(dataFolder, instanceId)).toBe(false);
  startAgent(dataFolder, instanceId);
  expect(lastStarted().pid).not.toBe(first.pid);
  expect(hasAgent(dataFolder, instanceId)).toBe(true);
});
