import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { watchHealth } from '../../../../local/agent/health-check.ts';
import type { Health } from '../../../../local/hosts/protocol.ts';

let folder: string;
let end: () => void = () => undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'health-'));
});

afterEach(() => {
  end();
  rmSync(folder, { recursive: true, force: true });
});

/** Resolves with what is reported, in order, once there are so many reports. */
function reports(script: string, count: number, startPeriodSeconds = 0): Promise<Health[]> {
  return new Promise((resolve) => {
    const seen: Health[] = [];
    end = watchHealth({
      order: { command: [], intervalSeconds: 0.02, timeoutSeconds: 5, retries: 2, startPeriodSeconds },
      launch: { folder, arguments: ['/bin/sh', '-c', script], environment: {}, dataFolder: folder, title: 'test' },
      report: (health) => {
        if (seen.at(-1) !== health) seen.push(health);
        if (seen.length === count) resolve(seen);
      },
    });
  });
}

describe('a health check', () => {
  test('turns UNHEALTHY when the command fails after it succeeded', async () => {
    writeFileSync(join(folder, 'once'), '');
    expect(await reports('rm once 2> /dev/null', 2)).toEqual(['HEALTHY', 'UNHEALTHY']);
  });

  test('does not count failures of the start period', async () => {
    const script = 'echo x >> tries; [ "$(wc -l < tries)" -gt 4 ]';
    expect(await reports(script, 1, 60)).toEqual(['HEALTHY']);
  });
});
