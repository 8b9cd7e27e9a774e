import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { repository } from './synthesize.ts';

describe('the app', () => {
  test('refuses context values that it does not understand, and then synthesizes nothing', () => {
    const outDir = mkdtempSync(join(tmpdir(), 'warden-app-'));

    const { status, stderr } = spawnSync(process.execPath, ['lib/app.ts'], {
      cwd: repository,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        CDK_OUTDIR: outDir,
        CDK_CONTEXT_JSON: JSON.stringify({ 'warden:zones': 'all', 'warden:hostsPerZone': '0' }),
      },
    });

    expect(status).toBe(1);
    expect(stderr).toBe(
      [
        'warden:zones must be a number from 1 to 6, or names of zones separated by commas, not "all": for example -c warden:zones=eu-west-1a,eu-west-1b,eu-west-1c',
        'warden:hostsPerZone must be a number from 1 to 40, not "0": for example -c warden:hostsPerZone=2',
        '',
      ].join('\n'),
    );
    expect(readdirSync(outDir)).toEqual([]);
  });
});
