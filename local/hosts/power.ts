import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetProcess, isAlive, processOf, type RecordedProcess, recordProcess } from '../core/processes.ts';
import { readContainerProcess } from './container-process-record.ts';
import { hostFolder } from './host-folder.ts';
import { powerOf, replaceFile, setPower } from './host-record.ts';
import { dropMounts } from './mounts.ts';
import { sendSignal } from './signals.ts';

const AGENT_PROGRAM = fileURLToPath(new URL('../agent/main.ts', import.meta.url));

/** How often the end of a process that is nobody's child is looked for. */
const LOOK_EVERY_MS = 50;

/**
 * Starts a host's agent in its own process group, so that it outlives the cloud; an agent that lives or is on its way is
 * left alone.
 */
export function startAgent(dataFolder: string, instanceId: string): void {
  const folder = hostFolder(dataFolder, instanceId);
  setPower(folder, 'on');
  if (hasAgent(dataFolder, instanceId)) return;
  const output = openSync(join(folder, 'agent.log'), 'a');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', AGENT_PROGRAM, folder], {
    detached: true,
    stdio: ['ignore', output, output],
    env: agentEnvironment(),
  });
  closeSync(output);
  child.unref();
  if (child.pid === undefined) {
    throw new Error(`The agent of ${instanceId} did not start: ${process.execPath} ${AGENT_PROGRAM}.`);
  }
  replaceFile(startingFile(folder), JSON.stringify(processOf(child.pid, `agent ${instanceId}`)));
}

/** Whether a host's agent runs or has been started and comes up: on a busy machine that takes seconds. */
export function hasAgent(dataFolder: string, instanceId: string): boolean {
  return liveAgentProcesses(dataFolder, instanceId).length > 0;
}

/**
 * Called by an agent for itself before anything else. False: the host is off or has an agent, so this one must end.
 * A cloud that was killed right after it started an agent starts a second one when it is back.
 */
export function takeHost(dataFolder: string, instanceId: string): boolean {
  const folder = hostFolder(dataFolder, instanceId);
  if (powerOf(folder) !== 'on' || liveAgent(dataFolder, instanceId) !== undefined) return false;
  replaceFile(
    join(folder, 'agent.json'),
    JSON.stringify(recordProcess(dataFolder, process.pid, `agent ${instanceId}`)),
  );
  return true;
}

/** The running agent of a host. */
export function liveAgent(dataFolder: string, instanceId: string): RecordedProcess | undefined {
  return readLive(join(hostFolder(dataFolder, instanceId), 'agent.json'));
}

/** The agent that has the host, and the one that was started last; mostly the same. */
export function liveAgentProcesses(dataFolder: string, instanceId: string): RecordedProcess[] {
  const starting = readLive(startingFile(hostFolder(dataFolder, instanceId)));
  const agent = liveAgent(dataFolder, instanceId);
  return [agent, starting?.pid === agent?.pid ? undefined : starting].filter((record) => record !== undefined);
}

function startingFile(folder: string): string {
  return join(folder, 'agent-starting.json');
}

function readLive(file: string): RecordedProcess | undefined {
  if (!existsSync(file)) return undefined;
  const record = JSON.parse(readFileSync(file, 'utf8')) as RecordedProcess;
  return isAlive(record) ? record : undefined;
}

/**
 * Shuts a host down as its operating system would: the agent ends the containers, then itself.
 * A host without a live agent, or one that does not end in time, is cut off.
 */
export async function shutDownHost(dataFolder: string, instanceId: string, timeoutMs: number): Promise<void> {
  setPower(hostFolder(dataFolder, instanceId), 'off');
  const agent = liveAgent(dataFolder, instanceId);
  if (agent !== undefined) {
    sendSignal(agent.pid, 'SIGTERM');
    // One that is held by a SIGSTOP would not hear it; an init system wakes what it ends, too.
    sendSignal(agent.pid, 'SIGCONT');
    await waitForEnd(agent, timeoutMs);
  }
  await cutOffHost(dataFolder, instanceId);
}

/** Ends every process of a host at once, as pulling its plug does. */
export async function cutOffHost(dataFolder: string, instanceId: string): Promise<void> {
  setPower(hostFolder(dataFolder, instanceId), 'off');
  await killProcesses(dataFolder, instanceId);
}

/** A kernel panic: every process is gone and nobody is told; the instance stays `running` with an impaired status. */
export async function crashHost(dataFolder: string, instanceId: string): Promise<void> {
  setPower(hostFolder(dataFolder, instanceId), 'crashed');
  await killProcesses(dataFolder, instanceId);
}

/** The agent goes first: it must not see its containers die and report it. */
async function killProcesses(dataFolder: string, instanceId: string): Promise<void> {
  const agents = liveAgentProcesses(dataFolder, instanceId);
  for (const { pid } of agents) sendSignal(pid, 'SIGKILL');
  for (const agent of agents) await waitForEnd(agent, Number.POSITIVE_INFINITY);
  const containers = liveContainers(dataFolder, instanceId);
  for (const { pid } of containers) {
    sendSignal(-pid, 'SIGKILL');
    sendSignal(pid, 'SIGKILL');
  }
  for (const container of containers) await waitForEnd(container, Number.POSITIVE_INFINITY);
  for (const { pid } of [...agents, ...containers]) forgetProcess(dataFolder, pid);
  dropMounts({ dataFolder, instanceId }, new Set());
}

/** A disk was torn out from under a task: its processes would get errors for every read and write, so they end. */
export function killTask(dataFolder: string, instanceId: string, taskId: string): void {
  for (const { pid } of liveContainersOf(join(hostFolder(dataFolder, instanceId), 'tasks', taskId)))
    sendSignal(pid, 'SIGKILL');
}

function liveContainers(dataFolder: string, instanceId: string): RecordedProcess[] {
  const tasks = join(hostFolder(dataFolder, instanceId), 'tasks');
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks).flatMap((task) => liveContainersOf(join(tasks, task)));
}

/** Wrappers and main processes of a task's containers. */
function liveContainersOf(taskFolder: string): RecordedProcess[] {
  if (!existsSync(taskFolder)) return [];
  return readdirSync(taskFolder)
    .flatMap((name) => readContainerProcess(join(taskFolder, name)) ?? [])
    .flatMap(({ wrapper, main }) => [main, wrapper])
    .filter(isAlive);
}

async function waitForEnd(record: RecordedProcess, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(record) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}

/** A debugger or test runner of the cloud must not be inherited by its hosts. */
function agentEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ...environment } = process.env;
  return environment;
}
