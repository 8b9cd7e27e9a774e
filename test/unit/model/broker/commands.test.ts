import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { prepareCommand } from '../../../../lib/model/broker/prepare-command.ts';
import { dataMountPath, startCommand } from '../../../../lib/model/broker/start-command.ts';

const root = mkdtempSync(join(tmpdir(), 'warden-commands-'));
let folder = '';
let number = 0;

beforeEach(() => {
  folder = join(root, String(++number));
  for (const part of ['data', 'opt/bin', 'bin', 'tmp']) mkdirSync(join(folder, part), { recursive: true });
});

afterAll(() => rmSync(root, { recursive: true }));

/** A program that writes its name and arguments down, and then does a little more. */
function program(path: string, more = ''): void {
  const file = join(folder, path);
  writeFileSync(file, `#!/bin/bash\necho "${path.split('/').at(-1)} $*" >> ${join(folder, 'calls')}\n${more}\n`);
  chmodSync(file, 0o755);
}

function calls(): readonly string[] {
  const file = join(folder, 'calls');
  const text = existsSync(file) ? readFileSync(file, 'utf8').replaceAll(folder, '') : '';
  return text.split('\n').filter((line) => line !== '');
}

/** Runs a command with the paths of the image and the volume in a folder of its own. */
function run(command: readonly string[], environment: Readonly<Record<string, string>>) {
  const [file = '', ...rest] = command;
  const values = {
    ...environment,
    PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    TMPDIR: join(folder, 'tmp'),
  };
  // With a socket for its input bash would read the user's own start files.
  return spawnSync(file, rest, { env: values, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

const properties = 'node.id=1\nprocess.roles=broker\n';

function start(format: string) {
  program('opt/bin/kafka-storage.sh', `mkdir -p ${join(folder, 'data/kafka')}`);
  program('opt/bin/kafka-server-start.sh');
  const text = startCommand
    .replaceAll(dataMountPath, join(folder, 'data'))
    .replaceAll('/opt/kafka/bin', join(folder, 'opt/bin'));
  return run(['bash', '-c', text], {
    WARDEN_PROPERTIES: gzipSync(properties).toString('base64'),
    ...{ WARDEN_CLUSTER_ID: 'cluster-1', WARDEN_NODE_ID: '1', WARDEN_FORMAT: format },
  });
}

function metaProperties(text: string): void {
  mkdirSync(join(folder, 'data/kafka'), { recursive: true });
  writeFileSync(join(folder, 'data/kafka/meta.properties'), text);
}

const serverStart = 'kafka-server-start.sh /data/server.properties';
const own = '#\nnode.id=1\ndirectory.id=d\nversion=1\ncluster.id=cluster-1\n';

describe('the start command', () => {
  test('is bash without errors', () => {
    expect(spawnSync('bash', ['-n', '-c', startCommand]).status).toBe(0);
  });

  test('says what is wrong when somebody starts the task by hand', () => {
    const { status, stderr } = run(['bash', '-c', startCommand], {});
    expect(status).toBe(78);
    expect(stderr).toBe("warden: started by hand: only Warden knows this node's configuration\n");
  });

  test('writes server.properties with the log folder, formats a new disk once, and becomes the server', () => {
    const { status, stderr } = start('--no-initial-controllers');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(calls()).toEqual([
      'kafka-storage.sh format --ignore-formatted -t cluster-1 -c /data/server.properties --no-initial-controllers',
      serverStart,
    ]);
    expect(readFileSync(join(folder, 'data/server.properties'), 'utf8')).toBe(
      `${properties}log.dirs=${join(folder, 'data')}/kafka\n`,
    );
  });

  test.each(['--standalone', '--no-initial-controllers', 'never'])(
    'never formats a disk that is formatted for this node (%s)',
    (format) => {
      metaProperties(own);
      expect(start(format).status).toBe(0);
      expect(calls()).toEqual([serverStart]);
    },
  );

  test.each([
    ['another cluster', own.replace('cluster-1', 'cluster-10')],
    ['another node', own.replace('node.id=1', 'node.id=11')],
  ])('refuses the disk of %s and leaves it alone', (_what, text) => {
    metaProperties(text);
    const { status, stderr } = start('--no-initial-controllers');
    expect(status).toBe(64);
    expect(stderr).toContain('belongs to another cluster or node');
    expect(calls()).toEqual([]);
    expect(readFileSync(join(folder, 'data/kafka/meta.properties'), 'utf8')).toBe(text);
  });

  test('refuses to format a disk that held data before', () => {
    const { status, stderr } = start('never');
    expect(status).toBe(65);
    expect(stderr).toContain('it is not formatted again');
    expect(calls()).toEqual([]);
  });

  test('forgets the quorum-state of a node that was killed before its first append, and only then', () => {
    const folders = (first: string) => {
      metaProperties(own);
      const metadata = join(folder, 'data/kafka/__cluster_metadata-0');
      mkdirSync(metadata, { recursive: true });
      writeFileSync(join(metadata, 'quorum-state'), '{}');
      writeFileSync(join(metadata, '00000000000000000000.log'), first);
      expect(start('never').status).toBe(0);
      return existsSync(join(metadata, 'quorum-state'));
    };
    expect(folders('')).toBe(false);
    expect(folders('records')).toBe(true);
  });

  test('fails without a server when the properties are damaged or the format fails', () => {
    program('opt/bin/kafka-server-start.sh');
    program('opt/bin/kafka-storage.sh', 'exit 3');
    const text = startCommand
      .replaceAll(dataMountPath, join(folder, 'data'))
      .replaceAll('/opt/kafka/bin', join(folder, 'opt/bin'));
    const base = { WARDEN_CLUSTER_ID: 'cluster-1', WARDEN_NODE_ID: '1', WARDEN_FORMAT: '--standalone' };
    expect(run(['bash', '-c', text], { ...base, WARDEN_PROPERTIES: 'no base64!' }).status).not.toBe(0);
    const packed = gzipSync(properties).toString('base64');
    expect(run(['bash', '-c', text], { ...base, WARDEN_PROPERTIES: packed }).status).toBe(3);
    expect(calls().filter((call) => call.startsWith('kafka-server-start'))).toEqual([]);
  });
});

describe('the command that prepares a volume', () => {
  const script = prepareCommand.at(-1) ?? '';
  const shell = prepareCommand.slice(prepareCommand.indexOf('bash'));

  function prepare(options: { readonly type: string; readonly mayFormat: string; readonly serial?: string }) {
    program('bin/lsblk', `echo "${options.serial ?? 'vol0123'}"`);
    program('bin/blkid', `[ -n "${options.type}" ] && echo "${options.type}" || exit 2`);
    for (const name of ['mkfs.xfs', 'mount', 'chown', 'sleep']) program(`bin/${name}`);
    program('bin/umount', 'rm -r "$1"/*');
    const device = { WARDEN_DEVICE: '/dev/disk/by-id/x', WARDEN_SERIAL: 'vol0123' };
    return run(shell, { ...device, WARDEN_MAY_FORMAT: options.mayFormat });
  }
  const verbs = () => calls().map((call) => call.split(' ')[0]);

  test('is bash without errors, run in the host’s mount namespace', () => {
    expect(spawnSync('bash', ['-n', '-c', script]).status).toBe(0);
    expect(prepareCommand.slice(0, 8)).toEqual(['nsenter', '-t', '1', '-m', '--', 'unshare', '-m', 'bash']);
  });

  test('formats a blank volume that may be formatted, and makes the data folder Kafka’s', () => {
    const { status, stderr } = prepare({ type: '', mayFormat: 'yes' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(verbs()).toEqual(['lsblk', 'blkid', 'mkfs.xfs', 'mount', 'chown', 'umount']);
    expect(calls()[2]).toBe('mkfs.xfs -q /dev/disk/by-id/x');
    expect(calls()[4]).toMatch(/^chown 1000:1000 \S+ \S+\/kafka$/);
  });

  test('never formats a volume that has a file system', () => {
    expect(prepare({ type: 'xfs', mayFormat: 'yes' }).status).toBe(0);
    expect(verbs()).not.toContain('mkfs.xfs');
  });

  test.each([
    ['a blank one that held a file system before', { type: '', mayFormat: 'no' }, 71],
    ['one with a foreign file system', { type: 'ext4', mayFormat: 'yes' }, 72],
    ['another disk than the one that was meant', { type: '', mayFormat: 'yes', serial: 'vol9999' }, 70],
  ] as const)('leaves %s alone', (_what, options, code) => {
    const { status, stderr } = prepare(options);
    expect(status).toBe(code);
    expect(stderr).toMatch(/^warden: /);
    for (const verb of ['mkfs.xfs', 'mount', 'chown']) expect(verbs()).not.toContain(verb);
  });

  test('waits for a disk that is not there yet, and gives up in the end', () => {
    program('bin/lsblk', 'exit 32');
    for (const name of ['sleep', 'blkid', 'mkfs.xfs']) program(`bin/${name}`);
    const result = run(shell, { WARDEN_DEVICE: '/dev/x', WARDEN_SERIAL: 'vol0123', WARDEN_MAY_FORMAT: 'yes' });
    expect(result.status).toBe(70);
    expect(verbs().filter((verb) => verb === 'lsblk').length).toBe(30);
    expect(verbs()).not.toContain('mkfs.xfs');
  });
});
