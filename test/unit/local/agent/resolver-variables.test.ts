import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolverVariables } from '../../../../local/agent/resolver-variables.ts';
import { resolverFile } from '../../../../local/core/resolver-file.ts';

const shims = join(import.meta.dirname, '../../../../local/agent/shims');

/** A program of a single source file, as Java runs it: prints the addresses of its arguments. */
const PROGRAM = `import java.net.*;
public class Lookup {
  public static void main(String[] names) {
    for (String name : names) {
      StringBuilder line = new StringBuilder(name);
      try { for (InetAddress found : InetAddress.getAllByName(name)) line.append(' ').append(found.getHostAddress()); }
      catch (UnknownHostException unknown) { line.append(" unknown"); }
      System.out.println(line);
    }
  }
}`;

let dataFolder: string;
beforeAll(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'a folder with blanks '));
  const file = resolverFile(dataFolder, 'vpc-1');
  mkdirSync(dirname(file), { recursive: true });
  const lines = [
    '127.0.0.1 localhost',
    '# zone kafka.internal',
    '10.0.0.1 b0.kafka.internal',
    '10.0.0.2 all.kafka.internal',
  ];
  writeFileSync(file, [...lines, '10.0.0.1 all.kafka.internal', ''].join('\n'));
});
afterAll(() => rmSync(dataFolder, { recursive: true }));

function getent(...args: string[]) {
  const env = { ...process.env, ...resolverVariables({ dataFolder, vpcId: 'vpc-1' }, undefined) };
  const { status, stdout } = spawnSync(join(shims, 'getent'), args, {
    env: { ...env, PATH: `${shims}:${process.env['PATH']}` },
    encoding: 'utf8',
  });
  return { status, stdout };
}

describe('the programs of a container in a VPC with a private zone', () => {
  test('in Java find its names, all addresses of each, and localhost', () => {
    const source = join(dataFolder, 'Lookup.java');
    writeFileSync(source, PROGRAM);
    const env = { ...process.env, ...resolverVariables({ dataFolder, vpcId: 'vpc-1' }, '-Done=1') };
    const names = ['b0.kafka.internal', 'all.kafka.internal', 'b9.kafka.internal', 'localhost'];
    const output = execFileSync('java', [source, ...names], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(output.split('\n')).toEqual([
      'b0.kafka.internal 10.0.0.1',
      'all.kafka.internal 10.0.0.2 10.0.0.1',
      'b9.kafka.internal unknown',
      'localhost 127.0.0.1',
      '',
    ]);
  }, 30_000);

  test('keep the options of Java that the task gives', () => {
    expect(resolverVariables({ dataFolder, vpcId: 'vpc-1' }, '-Done=1')['JAVA_TOOL_OPTIONS']).toMatch(/^-Done=1 "-D/);
  });

  test('find them by getent too', () => {
    expect(getent('hosts', 'all.kafka.internal')).toEqual({
      status: 0,
      stdout: '10.0.0.2        all.kafka.internal\n10.0.0.1        all.kafka.internal\n',
    });
    expect(getent('hosts', 'b9.kafka.internal')).toEqual({ status: 2, stdout: '' });
    expect(getent('hosts', 'localhost').stdout).toMatch(/localhost/);
  });
});

describe('the programs of a container in a VPC without a zone', () => {
  test('are told nothing', () => {
    expect(resolverVariables({ dataFolder, vpcId: 'vpc-2' }, '-Done=1')).toEqual({});
  });
});
