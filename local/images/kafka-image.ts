import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isComplete } from './fetch-jars.ts';
import type { Image } from './image.ts';
import { kafkaPrograms } from './kafka-programs.ts';

const PARTS = fileURLToPath(new URL('kafka', import.meta.url));
const NAME = /^(?:(?:docker\.io|public\.ecr\.aws\/docker|registry-1\.docker\.io)\/)?apache\/kafka:(\d+\.\d+\.\d+)$/;

/** Raised when the parts of an image change, so that images made by an earlier version are made anew. */
const EDITION = 1;

/**
 * The version in the name of an image.
 * @throws Error in ECS's words when it is no image of Kafka
 */
export function kafkaVersionOf(name: string): string {
  const version = NAME.exec(name)?.[1];
  if (version === undefined) throw cannotPull(name, 'the local cloud has apache/kafka:<version> only');
  return version;
}

/**
 * An image that was pulled. Its folder is made from the jars at its first use, once for all hosts.
 * @throws Error in ECS's words when it was not pulled
 */
export function openImage(optFolder: string, name: string): Image {
  const version = kafkaVersionOf(name);
  if (!isComplete(optFolder, `kafka-${version}`)) {
    throw cannotPull(name, `the jars of Kafka ${version} are not in ${optFolder}`);
  }
  const home = buildKafkaHome(optFolder, version);
  return { name, paths: [{ from: '/opt/kafka', to: home }], environment: {}, programs: [] };
}

/** ECS's words for an image that is not to be had. */
export function cannotPull(name: string, reason: string): Error {
  return new Error(
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${name}: ${reason}`,
  );
}

/** The folder that stands for the image's /opt/kafka; made when it is missing. */
export function buildKafkaHome(optFolder: string, version: string): string {
  const home = join(optFolder, `kafka-${version}`, `image-${EDITION}`, 'kafka');
  if (existsSync(home)) return home;
  const draft = join(optFolder, `kafka-${version}`, `draft-${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(join(draft, 'kafka', 'bin'), { recursive: true });
  mkdirSync(join(draft, 'kafka', 'config'));
  writePrograms(join(draft, 'kafka', 'bin'), version);
  writeConfig(join(draft, 'kafka', 'config'), join(optFolder, `kafka-${version}`, 'libs'), version);
  symlinkSync('../../libs', join(draft, 'kafka', 'libs'));
  publish(draft, join(optFolder, `kafka-${version}`, `image-${EDITION}`));
  return home;
}

/** Every jar by its own name, in one order: the class data archive is valid for exactly this text. */
function classPath(libs: string): string {
  return readdirSync(libs)
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => join(libs, name))
    .join(':');
}

function writePrograms(folder: string, version: string): void {
  for (const name of ['kafka-run-class.sh', 'kafka-server-start.sh']) cpSync(join(PARTS, name), join(folder, name));
  for (const [name, className] of Object.entries(kafkaPrograms(version))) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/bash\nexec "\${BASH_SOURCE%/*}/kafka-run-class.sh" ${className} "$@"\n`);
    chmodSync(file, 0o755);
  }
}

function writeConfig(folder: string, libs: string, version: string): void {
  const isLog4j1 = version.startsWith('3.');
  const suffix = isLog4j1 ? 'log4j.properties' : 'log4j2.yaml';
  writeFileSync(join(folder, 'class-path'), classPath(libs));
  writeFileSync(join(folder, 'log4j-option'), isLog4j1 ? '-Dlog4j.configuration=file:' : '-Dlog4j2.configurationFile=');
  writeFileSync(join(folder, 'log4j-server'), suffix);
  writeFileSync(join(folder, 'log4j-tools'), `tools-${suffix}`);
  for (const name of [suffix, `tools-${suffix}`]) cpSync(join(PARTS, name), join(folder, name));
}

/** Several hosts may make the same image at once: the first one's is kept. */
function publish(draft: string, target: string): void {
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}
