import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive, listLiveProcesses, type RecordedProcess } from '../../local/core/processes.ts';
import { type DeniedCall, readDeniedCalls } from '../../local/iam/denied-calls.ts';
import { type CloudProcess, startCloud } from '../../scripts/launch/cloud-process.ts';
import { deployStack } from '../../scripts/launch/deploy.ts';
import { type Endpoints, writeEndpoints } from '../../scripts/launch/endpoints-file.ts';
import { cloudFolder, optFolder, root } from '../../scripts/launch/folders.ts';
import type { StartOptions } from '../../scripts/launch/start-options.ts';

/** A local cloud with the deployed stack in a folder of its own, as `npm start` makes it. */
export interface LocalInstallation {
  readonly endpoints: Endpoints;
  readonly options: StartOptions;
  /** Processes that live now, by kind. */
  readonly processes: () => readonly RecordedProcess[];
  /** Calls that the role policies of the template did not allow. */
  readonly denied: () => readonly DeniedCall[];
  /** A second start over the same state. */
  readonly restart: () => Promise<void>;
  /** The stop of Ctrl-C. */
  readonly stop: () => Promise<void>;
  /** Ends whatever is left and removes the folder. */
  readonly remove: () => Promise<void>;
}

const pollMs = 200;

/** Makes the installation; what a failed start leaves is removed. */
export async function createLocalInstallation(given: {
  readonly port: number;
  readonly apiPort: number;
  /** Two installations at once differ in it. */
  readonly addressPrefix?: string;
  readonly zone?: string;
}): Promise<LocalInstallation> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'warden-e2e-'));
  const options: StartOptions = {
    addressPrefix: '127.71',
    ...given,
    dataFolder,
    zones: 3,
    hostsPerZone: 1,
    withService: true,
  };
  try {
    return await startInstallation(options);
  } catch (error) {
    await removeAll(dataFolder);
    throw error;
  }
}

async function startInstallation(options: StartOptions): Promise<LocalInstallation> {
  let cloud: CloudProcess = await startCloud(options);
  await deployStack(options);
  const endpoints = await writeEndpoints(options);
  return {
    endpoints,
    options,
    processes: () => listLiveProcesses(cloudFolder(options.dataFolder)),
    denied: () => readDeniedCalls(cloudFolder(options.dataFolder)),
    restart: async () => {
      cloud = await startCloud(options);
    },
    stop: async () => {
      process.kill(cloud.pid, 'SIGTERM');
      await cloud.ended;
    },
    remove: () => removeAll(options.dataFolder),
  };
}

async function removeAll(dataFolder: string): Promise<void> {
  const left = listLiveProcesses(cloudFolder(dataFolder));
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  await until(() => !left.some(isAlive), 30_000, 'the processes are gone');
  rmSync(dataFolder, { recursive: true, force: true });
}

/** Waits for a condition of the world; `what` names it when it does not come. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
  what: string,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

const run = promisify(execFile);

/**
 * Runs one of Kafka's own command line tools, the oracle of these tests; without blocking, so that connections which
 * the API closes meanwhile are noticed.
 */
export async function kafkaTool(mainClass: string, ...args: readonly string[]): Promise<string> {
  const jars = join(optFolder, 'kafka-4.3.1', 'libs', '*');
  const flags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', jars];
  const { stdout } = await run('java', [...flags, mainClass, ...args], { cwd: root });
  return stdout;
}
