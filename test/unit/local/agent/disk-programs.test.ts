import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const SHIMS = fileURLToPath(new URL('../../../../local/agent/shims', import.meta.url));
const NAME = 'nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0';
let data: string;
let device: string;
let volume: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'disks-'));
  volume = join(data, 'volumes', 'vol-0123456789abcdef0');
  const links = join(data, 'hosts', 'i-1', 'root', 'dev', 'disk', 'by-id');
  mkdirSync(volume, { recursive: true });
  mkdirSync(links, { recursive: true });
  device = join(links, NAME);
  symlinkSync(volume, device);
});

afterEach(() => rmSync(data, { recursive: true, force: true }));

/** What a privileged container with the host's pids sees. */
function run(script: string, environment: Record<string, string> = { LOCAL_PRIVILEGED: '1', LOCAL_HOST_PID: '1' }) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: data,
    env: {
      PATH: `${SHIMS}:${process.env['PATH']}`,
      D: device,
      LOCAL_HOST_ROOT: join(data, 'hosts', 'i-1', 'root'),
      LOCAL_INSTANCE_ID: 'i-1',
      LOCAL_MOUNT_KEY: 'task1',
      ...environment,
    },
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

describe('a blank volume', () => {
  test('shows its serial, no file system, and cannot be mounted', () => {
    expect(run('lsblk -ndo SERIAL "$D"')).toMatchObject({ status: 0, stdout: 'vol0123456789abcdef0' });
    expect(run('blkid -o value -s TYPE "$D"')).toEqual({ status: 2, stdout: '', stderr: '' });
    expect(run('mkdir m && mount "$D" m')).toMatchObject({ status: 32, stderr: expect.stringContaining('blank') });
  });

  test('that is not attached is not there', () => {
    expect(run('lsblk -ndo SERIAL "$D-other"')).toMatchObject({ status: 32 });
    expect(run('mkfs.xfs -q "$D-other"')).toMatchObject({ status: 1 });
  });
});

describe('a formatted volume', () => {
  beforeEach(() => void run('mkfs.xfs -q "$D"'));

  test('is not formatted again unless that is forced', () => {
    expect(run('blkid -o value -s TYPE "$D"').stdout).toBe('xfs');
    expect(run('mkfs.xfs -q "$D"')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('existing filesystem'),
    });
    expect(run('mkfs.ext4 -q -F "$D" && blkid -o value -s TYPE "$D"').stdout).toBe('ext4');
  });

  test('keeps what was written while it was mounted, and only there', () => {
    expect(run('mkdir m && mount "$D" m && echo x > m/file && umount m && ls m').stdout).toBe('');
    expect(existsSync(join(volume, 'data', 'file'))).toBe(true);
    expect(run('mount "$D" m && cat m/file && umount m').stdout).toBe('x');
  });

  test('is unmounted when the mount namespace ends, whatever the exit code', () => {
    expect(run('mkdir m; nsenter -t 1 -m -- unshare -m bash -c \'mount "$D" m; exit 5\'').status).toBe(5);
    expect(readdirSync(join(volume, 'mounts'))).toEqual([]);
  });

  test('that was cut off while mounted must be mounted once before it is repaired', () => {
    run('mkdir m && mount "$D" m && rm m && rm "$D/mounts/"*');
    expect(run('xfs_repair "$D"')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Mount the filesystem to replay the log'),
    });
    expect(run('mkdir n && mount "$D" n && umount n && xfs_repair "$D"').status).toBe(0);
  });
});

describe('the disk programs', () => {
  test('are refused to containers that are not privileged', () => {
    expect(run('mkfs.xfs -q "$D"', {})).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Operation not permitted'),
    });
    expect(run('nsenter -t 1 -m true', { LOCAL_PRIVILEGED: '1' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('pidMode host'),
    });
  });

  test('refuse by name what they do not do', () => {
    expect(run('wipefs -a "$D"')).toMatchObject({ status: 64, stderr: expect.stringContaining('wipefs is not done') });
    expect(run('lsblk -J')).toMatchObject({ status: 64, stderr: expect.stringContaining('option -J') });
  });
});
