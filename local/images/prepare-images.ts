import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetProcess, recordProcess } from '../core/processes.ts';
import { isComplete } from './fetch-jars.ts';
import { buildKafkaHome } from './kafka-image.ts';

const PROGRAM = fileURLToPath(new URL('archive-main.ts', import.meta.url));

/** Whose processes and words they are. */
interface Maker {
  readonly optFolder: string;
  readonly dataFolder: string;
  readonly log: (line: string) => void;
}

/**
 * Makes the images of all versions of Kafka whose jars are there, and in the background their class archives, the newest
 * first. Both are made once for all data folders.
 */
export function prepareImages(cloud: Maker): void {
  makeArchives(cloud, versionsIn(cloud.optFolder));
}

/** Makes the class archives that are missing, one after another in one process of its own. */
export function makeArchives(maker: Maker, versions: readonly string[]): void {
  const missing = versions.filter(
    (version) => !existsSync(join(buildKafkaHome(maker.optFolder, version), 'kafka.jsa')),
  );
  if (missing.length === 0) return;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', PROGRAM, maker.optFolder, ...missing],
    { detached: true, stdio: 'ignore', env: process.env },
  );
  child.unref();
  const { pid } = child;
  if (pid === undefined)
    throw new Error(`The maker of the class archives did not start: ${process.execPath} ${PROGRAM}.`);
  const title = `class archive of Kafka ${missing.join(', ')}`;
  recordProcess(maker.dataFolder, pid, title);
  child.once('exit', (code) => {
    forgetProcess(maker.dataFolder, pid);
    maker.log(
      `images: the ${title} ${code === 0 ? 'is ready' : `could not be made (exit code ${code}); brokers start slower`}`,
    );
  });
}

function versionsIn(optFolder: string): string[] {
  if (!existsSync(optFolder)) return [];
  return readdirSync(optFolder)
    .filter((name) => name.startsWith('kafka-') && isComplete(optFolder, name))
    .map((name) => name.slice('kafka-'.length))
    .sort((left, right) => right.localeCompare(left, 'en', { numeric: true }));
}
