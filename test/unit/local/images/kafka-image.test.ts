import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildKafkaHome, openImage } from '../../../../local/images/kafka-image.ts';

let opt: string;

beforeAll(() => {
  opt = mkdtempSync(join(tmpdir(), 'images-'));
  for (const version of ['4.3.1', '3.9.2']) {
    const libs = join(opt, `kafka-${version}`, 'libs');
    mkdirSync(libs, { recursive: true });
    for (const jar of ['b.jar', 'a.jar']) writeFileSync(join(libs, jar), '');
    writeFileSync(join(opt, `kafka-${version}`, '.complete'), '');
  }
  // A program in java's place that shows how it was called.
  mkdirSync(join(opt, 'java', 'bin'), { recursive: true });
  writeFileSync(join(opt, 'java', 'bin', 'java'), '#!/bin/bash\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
});

afterAll(() => rmSync(opt, { recursive: true, force: true }));

function callOf(version: string, program: string, environment: Record<string, string> = {}): string[] {
  const home = buildKafkaHome(opt, version);
  const env = { PATH: process.env['PATH'], JAVA_HOME: join(opt, 'java'), ...environment };
  return execFileSync(join(home, 'bin', program), ['server.properties'], { encoding: 'utf8', env })
    .trim()
    .split('\n');
}

describe('an image', () => {
  test('stands for /opt/kafka of its version', () => {
    expect(openImage(opt, 'apache/kafka:4.3.1').paths).toEqual([
      { from: '/opt/kafka', to: buildKafkaHome(opt, '4.3.1') },
    ]);
  });

  test.each(['apache/kafka:latest', 'nginx:1.2.3', 'apache/kafka:4.0.0'])('%s is not there', (name) => {
    expect(() => openImage(opt, name)).toThrow(/^CannotPullContainerError: .*apache\/kafka|Kafka/);
  });
});

describe('kafka-server-start.sh', () => {
  test('runs the broker with the image’s flags over all jars in order', () => {
    const call = callOf('4.3.1', 'kafka-server-start.sh');
    expect(call.slice(0, 4)).toEqual(['-Xmx1G', '-Xms1G', '-server', '-XX:+UseG1GC']);
    expect(call).toContain(`${opt}/kafka-4.3.1/libs/a.jar:${opt}/kafka-4.3.1/libs/b.jar`);
    expect(call.slice(-2)).toEqual(['kafka.Kafka', 'server.properties']);
    expect(call.find((word) => word.startsWith('-Dlog4j2.configurationFile='))).toMatch(/config\/log4j2.yaml$/);
  });

  test('honours the options that the environment gives', () => {
    const call = callOf('4.3.1', 'kafka-server-start.sh', {
      KAFKA_HEAP_OPTS: '-Xmx256m',
      KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC',
      KAFKA_OPTS: '-Dx=1 -Dy=2',
    });
    expect(call.slice(0, 2)).toEqual(['-Xmx256m', '-XX:+UseSerialGC']);
    expect(call.slice(-4)).toEqual(['-Dx=1', '-Dy=2', 'kafka.Kafka', 'server.properties']);
  });

  test('uses the class archive of its version once there is one', () => {
    expect(callOf('4.3.1', 'kafka-server-start.sh').join(' ')).not.toContain('SharedArchiveFile');
    writeFileSync(join(buildKafkaHome(opt, '4.3.1'), 'kafka.jsa'), '');
    expect(callOf('4.3.1', 'kafka-server-start.sh').join(' ')).toMatch(
      /-XX:SharedArchiveFile=\S*kafka.jsa -Xshare:auto/,
    );
  });

  test('of a version before 4 logs by log4j 1', () => {
    const option = callOf('3.9.2', 'kafka-server-start.sh').find((word) =>
      word.startsWith('-Dlog4j.configuration=file:'),
    );
    expect(readFileSync(option?.replace('-Dlog4j.configuration=file:', '') ?? '', 'utf8')).toContain('ConsoleAppender');
  });
});

test('tools run their own class with a small heap', () => {
  const call = callOf('4.3.1', 'kafka-storage.sh');
  expect(call[0]).toBe('-Xmx256M');
  expect(call.slice(-2)).toEqual(['kafka.tools.StorageTool', 'server.properties']);
});
