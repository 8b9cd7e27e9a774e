import { constants } from 'node:os';
import { type ChaosInput, ChaosRefusal, type ChaosVerb } from '../core/chaos.ts';
import { type InputReader, readerOf } from '../core/read-chaos-input.ts';
import {
  type LiveContainer,
  listMachineProcesses,
  type MachineProcess,
  processesIn,
  runningContainers,
  sendSignal,
  stopProcesses,
} from '../hosts/signals.ts';
import { type EcsStore, lastPart } from './store.ts';

/** Which processes of a task are meant. */
interface Target {
  readonly title: string;
  readonly containers: readonly LiveContainer[];
  /** The name of a program; all of the container's when absent. */
  readonly program?: string;
}

/** What can be done to the containers of a task behind the back of its agent. */
export function taskVerbs(dataFolder: string, store: EcsStore): Readonly<Record<string, ChaosVerb>> {
  const targetOf = (reader: InputReader): Target => readTarget(dataFolder, store, reader);
  return {
    'task/kill': (input: ChaosInput) => {
      const reader = readerOf(input, ['task', 'container', 'program', 'signal']);
      const signal = readSignal(reader.optionalText('signal') ?? 'KILL');
      const target = targetOf(reader);
      const pids =
        target.program === undefined
          ? target.containers.map(({ mainPid }) => mainPid)
          : programsOf(target).map(({ pid }) => pid);
      for (const pid of pids) sendSignal(pid, signal);
      return `${target.title}: ${signal} to ${pidsOf(pids)}`;
    },
    'task/pause': async (input: ChaosInput) => {
      const target = targetOf(readerOf(input, ['task', 'container', 'program']));
      const pids = programsOf(target).map(({ pid }) => pid);
      await stopProcesses(pids);
      return `${target.title}: SIGSTOP to ${pidsOf(pids)}`;
    },
    'task/resume': (input: ChaosInput) => {
      const target = targetOf(readerOf(input, ['task', 'container', 'program']));
      const stopped = programsOf(target).filter(({ isStopped }) => isStopped);
      if (stopped.length === 0) throw new ChaosRefusal(`${target.title} is not paused`, 409);
      const pids = stopped.map(({ pid }) => pid);
      for (const pid of pids) sendSignal(pid, 'SIGCONT');
      return `${target.title}: SIGCONT to ${pidsOf(pids)}`;
    },
  };
}

/** Whatever is paused on a host: the title of each container and the pids. */
export function pausedContainers(
  dataFolder: string,
  instanceId: string,
  all: readonly MachineProcess[],
): { readonly container: LiveContainer; readonly pids: readonly number[] }[] {
  return runningContainers(dataFolder, instanceId)
    .map((container) => {
      const stopped = processesIn(container, all).filter(({ isStopped }) => isStopped);
      return { container, pids: stopped.map(({ pid }) => pid) };
    })
    .filter(({ pids }) => pids.length > 0);
}

/** A task that ECS calls STOPPED may have containers all the same: those of a host that was deregistered by force. */
function readTarget(dataFolder: string, store: EcsStore, reader: InputReader): Target {
  const id = lastPart(reader.text('task'));
  const task = store.tasks.values().find(({ arn }) => lastPart(arn) === id);
  if (task === undefined) throw new ChaosRefusal(`There is no task ${id}; ListTasks tells which there are`, 404);
  const instanceId = store.containerInstances.get(task.containerInstanceArn)?.ec2InstanceId ?? '';
  const live = runningContainers(dataFolder, instanceId).filter(({ taskId }) => taskId === id);
  if (live.length === 0)
    throw new ChaosRefusal(`Task ${id} has no container that runs on ${instanceId}: it is ${task.lastStatus}`, 409);
  const name = reader.optionalText('container');
  const containers = live.filter((one) => name === undefined || one.name === name);
  if (containers.length === 0)
    throw new ChaosRefusal(
      `Task ${id} runs no container ${name}; it runs ${live.map((one) => one.name).join(', ')}`,
      404,
    );
  const program = reader.optionalText('program');
  return { title: `Task ${id} on ${instanceId}`, containers, ...(program !== undefined && { program }) };
}

function programsOf({ title, containers, program }: Target): MachineProcess[] {
  const all = listMachineProcesses();
  const inside = containers.flatMap((container) => processesIn(container, all));
  const meant = inside.filter(({ name }) => program === undefined || name === program);
  if (meant.length > 0) return meant;
  const names = [...new Set(inside.map(({ name }) => name))];
  throw new ChaosRefusal(`${title} runs no program ${program ?? ''}; it runs ${names.join(', ')}`, 404);
}

/** KILL or SIGKILL. */
function readSignal(text: string): NodeJS.Signals {
  const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`;
  if (isSignal(name)) return name;
  throw new ChaosRefusal(`signal is ${text}; allowed are the signals of this machine, for example KILL, TERM and STOP`);
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}

function pidsOf(pids: readonly number[]): string {
  return `${pids.length === 1 ? 'process' : 'processes'} ${pids.join(', ')}`;
}
