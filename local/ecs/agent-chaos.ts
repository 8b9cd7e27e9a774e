import { type ChaosInput, ChaosRefusal, type ChaosVerb } from '../core/chaos.ts';
import { readerOf } from '../core/read-chaos-input.ts';
import type { Cloud } from '../core/service.ts';
import { failPulls } from '../hosts/failing-pulls.ts';
import { hostFolder } from '../hosts/host-folder.ts';
import { clearMark, setMark } from '../hosts/host-marks.ts';
import { powerOf } from '../hosts/host-record.ts';
import { liveAgentProcesses, startAgent } from '../hosts/power.ts';
import { listMachineProcesses, sendSignal, stopProcesses } from '../hosts/signals.ts';
import type { AgentLines } from './agent-lines.ts';
import type { ContainerInstanceRecord } from './records.ts';
import { type EcsStore, lastPart } from './store.ts';

/** What agents can be disturbed with. */
export interface AgentPorts {
  readonly cloud: Cloud;
  readonly store: EcsStore;
  readonly lines: AgentLines;
}

const DAY_SECONDS = 86_400;
const MOST_PULLS = 1000;

/** What can be done to the agent of a host, and to the host's place in its cluster. */
export function agentVerbs(ports: AgentPorts): Readonly<Record<string, ChaosVerb>> {
  return { ...agentProcessVerbs(ports), ...lineVerbs(ports), ...clusterVerbs(ports), ...imageVerbs(ports) };
}

function agentProcessVerbs({ cloud: { dataFolder }, store }: AgentPorts): Readonly<Record<string, ChaosVerb>> {
  return {
    'agent/kill': (input: ChaosInput) => {
      const reader = readerOf(input, ['host', 'forGood']);
      const { ec2InstanceId: id } = requireHost(store, reader.text('host'));
      const isForGood = reader.flag('forGood');
      const agents = requireAgent(dataFolder, id);
      if (isForGood) setMark(dataFolder, id, 'agent-held');
      for (const { pid } of agents) sendSignal(pid, 'SIGKILL');
      return `The agent of ${id} is killed; ${isForGood ? 'it stays dead until it is started or the host boots' : 'it comes back by itself'}`;
    },
    'agent/start': (input: ChaosInput) => {
      const { ec2InstanceId: id } = requireHost(store, readerOf(input, ['host']).text('host'));
      if (powerOf(hostFolder(dataFolder, id)) !== 'on') throw new ChaosRefusal(`${id} has no power`, 409);
      clearMark(dataFolder, id, 'agent-held');
      startAgent(dataFolder, id);
      return `The agent of ${id} is started`;
    },
    'agent/pause': async (input: ChaosInput) => {
      const { ec2InstanceId: id } = requireHost(store, readerOf(input, ['host']).text('host'));
      await stopProcesses(requireAgent(dataFolder, id).map(({ pid }) => pid));
      return `The agent of ${id} is paused; it counts as gone when it has been silent for 5 s`;
    },
    'agent/resume': (input: ChaosInput) => {
      const { ec2InstanceId: id } = requireHost(store, readerOf(input, ['host']).text('host'));
      const paused = pausedAgent(dataFolder, id);
      if (paused.length === 0) throw new ChaosRefusal(`The agent of ${id} is not paused`, 409);
      for (const pid of paused) sendSignal(pid, 'SIGCONT');
      return `The agent of ${id} goes on`;
    },
  };
}

function lineVerbs({ store, lines }: AgentPorts): Readonly<Record<string, ChaosVerb>> {
  return {
    'agent/disconnect': (input: ChaosInput) => {
      const reader = readerOf(input, ['host', 'seconds']);
      const { ec2InstanceId: id } = requireHost(store, reader.text('host'));
      const seconds = reader.optionalNumber('seconds', { min: 0.1, max: DAY_SECONDS });
      lines.cut(id, seconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + seconds * 1000);
      return `The line to the agent of ${id} is cut ${seconds === undefined ? 'until it is connected again' : `for ${seconds} s`}`;
    },
    'agent/reconnect': (input: ChaosInput) => {
      const { ec2InstanceId: id } = requireHost(store, readerOf(input, ['host']).text('host'));
      if (!lines.mend(id)) throw new ChaosRefusal(`The line to the agent of ${id} is not cut`, 409);
      return `The agent of ${id} may connect again`;
    },
  };
}

function clusterVerbs({ cloud, store }: AgentPorts): Readonly<Record<string, ChaosVerb>> {
  const setState = async (input: ChaosInput, status: 'ACTIVE' | 'DRAINING'): Promise<string> => {
    const { ec2InstanceId: id, ...instance } = requireHost(store, readerOf(input, ['host']).text('host'));
    await cloud.call('ecs', 'UpdateContainerInstancesState', {
      cluster: instance.cluster,
      containerInstances: [instance.arn],
      status,
    });
    return `${id} is ${status} in cluster ${instance.cluster}`;
  };
  return {
    'host/drain': (input: ChaosInput) => setState(input, 'DRAINING'),
    'host/activate': (input: ChaosInput) => setState(input, 'ACTIVE'),
    'host/deregister': async (input: ChaosInput) => {
      const { ec2InstanceId: id, ...instance } = requireHost(store, readerOf(input, ['host']).text('host'));
      if (instance.status === 'INACTIVE') throw new ChaosRefusal(`${id} is deregistered already`, 409);
      await cloud.call('ecs', 'DeregisterContainerInstance', {
        cluster: instance.cluster,
        containerInstance: instance.arn,
        force: true,
      });
      return `${id} is taken out of cluster ${instance.cluster}; its containers run on and nobody follows them`;
    },
  };
}

function imageVerbs({ cloud: { dataFolder }, store }: AgentPorts): Readonly<Record<string, ChaosVerb>> {
  return {
    'image/fail': (input: ChaosInput) => {
      const reader = readerOf(input, ['host', 'times']);
      const { ec2InstanceId: id } = requireHost(store, reader.text('host'));
      const times = reader.optionalNumber('times', { min: 1, max: MOST_PULLS, isWhole: true }) ?? 1;
      failPulls(dataFolder, id, times);
      return `${id} cannot reach its registry for its next ${times === 1 ? 'pull' : `${times} pulls`}, and has no image of its own`;
    },
  };
}

/** The pids of a host's agent that a SIGSTOP holds. */
export function pausedAgent(dataFolder: string, instanceId: string, all = listMachineProcesses()): number[] {
  const pids = liveAgentProcesses(dataFolder, instanceId).map(({ pid }) => pid);
  return all.filter(({ pid, isStopped }) => isStopped && pids.includes(pid)).map(({ pid }) => pid);
}

function requireAgent(dataFolder: string, instanceId: string): { readonly pid: number }[] {
  const agents = liveAgentProcesses(dataFolder, instanceId);
  if (agents.length === 0) throw new ChaosRefusal(`${instanceId} has no agent that runs`, 409);
  return agents;
}

/** The newest registration of a host, by its instance id or its container instance. */
function requireHost(store: EcsStore, text: string): ContainerInstanceRecord {
  const id = lastPart(text);
  const found = store.containerInstances
    .values()
    .findLast(({ arn, ec2InstanceId }) => ec2InstanceId === id || lastPart(arn) === id);
  if (found !== undefined) return found;
  const known = new Set(store.containerInstances.values().map(({ ec2InstanceId }) => ec2InstanceId));
  throw new ChaosRefusal(
    `There is no host ${id} in any cluster; allowed are ${known.size === 0 ? 'none: no host has registered' : [...known].join(', ')}`,
    404,
  );
}
