import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetProcess, isAlive, listLiveProcesses, type RecordedProcess, recordProcess } from '../core/processes.ts';
import { hasCode } from '../hosts/errno.ts';
import { isComplete } from './fetch-jars.ts';
import { buildKafkaHome } from './kafka-image.ts';

const KIND = 'class archive';
/** Exit code of a maker that was asked to end. */
const GIVEN_UP = 143;
const END_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 25;
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
    ['--disable-warning=ExperimentalWarning', PROGRAM, maker.optFolder, maker.dataFolder, ...missing],
    { detached: true, stdio: 'ignore', env: process.env },
  );
  child.unref();
  const { pid } = child;
  if (pid === undefined)
    throw new Error(`The maker of the class archives did not start: ${process.execPath} ${PROGRAM}.`);
  const title = `${KIND} of Kafka ${missing.join(', ')}`;
  recordProcess(maker.dataFolder, pid, title);
  child.once('exit', (code) => {
    forgetProcess(maker.dataFolder, pid);
    maker.log(`images: the ${title} ${outcome(code)}`);
  });
}

function outcome(code: number | null): string {
  if (code === 0) return 'is ready';
  if (code === GIVEN_UP) return 'was given up; the next start makes it';
  return `could not be made (exit code ${code}); brokers start slower`;
}

/** Ends the makers of a data folder, the cloud's and its hosts', and waits for their end. What they began is given up. */
export async function endArchiveMakers(dataFolder: string): Promise<void> {
  const makers = listLiveProcesses(dataFolder).filter(({ kind }) => kind.startsWith(`${KIND} of `));
  for (const maker of makers) signalIfAlive(maker, 'SIGTERM');
  const deadline = Date.now() + END_TIMEOUT_MS;
  while (makers.some(isAlive)) {
    if (Date.now() > deadline) for (const maker of makers) signalIfAlive(maker, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  // Those of a maker that was killed, now or earlier.
  const nodes = listLiveProcesses(dataFolder).filter(({ kind }) => kind.startsWith(`${KIND} node`));
  for (const node of nodes) signalIfAlive(node, 'SIGKILL');
  while (nodes.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  for (const { pid } of [...makers, ...nodes]) forgetProcess(dataFolder, pid);
}

function signalIfAlive(record: RecordedProcess, name: NodeJS.Signals): void {
  try {
    if (isAlive(record)) process.kill(record.pid, name);
  } catch (error) {
    // It ended in between.
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

function versionsIn(optFolder: string): string[] {
  if (!existsSync(optFolder)) return [];
  return readdirSync(optFolder)
    .filter((name) => name.startsWith('kafka-') && isComplete(optFolder, name))
    .map((name) => name.slice('kafka-'.length))
    .sort((left, right) => right.localeCompare(left, 'en', { numeric: true }));
}
