import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findSettings, type GlobalFlags, type Settings } from '../../../cli/settings.ts';

let home: string;
let work: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'warden-home-'));
  work = join(home, 'project', 'deep', 'below');
  await mkdir(work, { recursive: true });
});

afterEach(() => rm(home, { recursive: true }));

function find(flags: GlobalFlags, env: Readonly<Record<string, string>> = {}): Promise<Settings> {
  return findSettings(flags, {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env,
    workingFolder: work,
    homeFolder: home,
    interrupted: new AbortController().signal,
  });
}

async function writeEndpoints(): Promise<void> {
  await mkdir(join(home, 'project', '.warden'));
  await writeFile(
    join(home, 'project', '.warden', 'endpoints.json'),
    '{"api": "http://local:1/", "token": "local", "aws": "x"}',
  );
}

async function writeProfiles(text: string): Promise<void> {
  await mkdir(join(home, '.config', 'warden'), { recursive: true });
  await writeFile(join(home, '.config', 'warden', 'config.json'), text);
}

const profiles = JSON.stringify({
  profile: 'stage',
  profiles: {
    stage: { url: 'https://stage', token: 'st' },
    prod: { url: 'https://prod', token: 'pr', name: 'orders' },
  },
});

describe('the CLI finds the API', () => {
  test('by the local cloud of this folder or one above', async () => {
    await writeEndpoints();
    expect(await find({})).toEqual({ url: 'http://local:1', token: 'local', name: 'kafka' });
  });

  test('by the default profile before the local cloud', async () => {
    await writeEndpoints();
    await writeProfiles(profiles);
    expect(await find({})).toEqual({ url: 'https://stage', token: 'st', name: 'kafka' });
  });

  test('by the environment before the default profile, and without its token', async () => {
    await writeProfiles(profiles);
    expect(await find({}, { WARDEN_URL: 'https://env' })).toEqual({ url: 'https://env', name: 'kafka' });
  });

  test('by a profile that is asked for before the environment', async () => {
    await writeProfiles(profiles);
    const env = { WARDEN_URL: 'https://env', WARDEN_TOKEN: 'of env' };
    expect(await find({ profile: 'prod' }, env)).toEqual({ url: 'https://prod', token: 'pr', name: 'orders' });
    expect(await find({}, { ...env, WARDEN_PROFILE: 'prod' })).toMatchObject({ url: 'https://prod', token: 'pr' });
  });

  test('by flags before all', async () => {
    await writeProfiles(profiles);
    const flags = { url: 'https://flag/', token: 'fl', name: 'logs', profile: 'prod' };
    expect(await find(flags)).toEqual({ url: 'https://flag', token: 'fl', name: 'logs' });
  });

  test('and never sends the token of a file to another address', async () => {
    await writeProfiles(profiles);
    await writeEndpoints();
    expect(await find({ url: 'https://elsewhere' })).toEqual({ url: 'https://elsewhere', name: 'kafka' });
  });

  test('or says how to name one', async () => {
    await expect(find({})).rejects.toMatchObject({
      exitCode: 5,
      message: 'No Warden API is known here.',
      hint: expect.stringContaining('npm start'),
    });
  });

  test('or names the profiles that there are', async () => {
    await writeProfiles(profiles);
    await expect(find({ profile: 'dev' })).rejects.toMatchObject({ exitCode: 2, hint: 'There are: stage, prod' });
  });

  test('or says which file is broken', async () => {
    await writeProfiles('{');
    await expect(find({})).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('config.json is not JSON'),
    });
  });
});
