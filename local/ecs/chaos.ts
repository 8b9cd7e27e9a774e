import type { Chaos } from '../core/chaos.ts';
import { failingPulls, failPulls } from '../hosts/failing-pulls.ts';
import { hostFolder } from '../hosts/host-folder.ts';
import { clearMark, markedSince } from '../hosts/host-marks.ts';
import { powerOf } from '../hosts/host-record.ts';
import { liveAgentProcesses, startAgent } from '../hosts/power.ts';
import { listMachineProcesses, runningContainers, sendSignal } from '../hosts/signals.ts';
import { type AgentPorts, agentVerbs, pausedAgent } from './agent-chaos.ts';
import { pausedContainers, taskVerbs } from './task-chaos.ts';

/**
 * What the operator of this machine may disturb of tasks, agents and hosts. What is paused or dead is read off the
 * machine itself, so a crash of the cloud changes none of it; a line that was cut is mended by one.
 */
export function createEcsChaos(ports: AgentPorts): Chaos {
  const { cloud, store, lines } = ports;
  const { dataFolder } = cloud;
  const hostIds = (): string[] => [
    ...new Set(store.containerInstances.values().map(({ ec2InstanceId }) => ec2InstanceId)),
  ];
  return {
    verbs: { ...taskVerbs(dataFolder, store), ...agentVerbs(ports) },
    show: () => {
      const all = listMachineProcesses();
      return [
        ...hostIds().flatMap((id) => showHost(dataFolder, id, all)),
        ...lines.cutIds.map((id) => `The line to the agent of ${id} is cut`),
      ];
    },
    calm: () => {
      for (const id of lines.cutIds) lines.mend(id);
      for (const id of hostIds()) calmHost(dataFolder, id);
    },
  };
}

function showHost(dataFolder: string, id: string, all: ReturnType<typeof listMachineProcesses>): string[] {
  const paused = pausedContainers(dataFolder, id, all);
  const pulls = failingPulls(dataFolder, id);
  return [
    ...(pulls === 0 ? [] : [`Pulls of images on ${id} that fail from now on: ${pulls}`]),
    ...(pausedAgent(dataFolder, id, all).length > 0 ? [`The agent of ${id} is paused`] : []),
    ...(markedSince(dataFolder, id, 'agent-held') === undefined ? [] : [`The agent of ${id} stays dead`]),
    ...paused.map(
      ({ container, pids }) => `Task ${container.taskId} on ${id}: ${container.name} is paused (${pids.join(', ')})`,
    ),
  ];
}

/** What is held goes on: a shutdown could not end it otherwise. */
function calmHost(dataFolder: string, id: string): void {
  failPulls(dataFolder, id, 0);
  for (const { pid } of liveAgentProcesses(dataFolder, id)) sendSignal(pid, 'SIGCONT');
  for (const { wrapperPid } of runningContainers(dataFolder, id)) sendSignal(-wrapperPid, 'SIGCONT');
  if (markedSince(dataFolder, id, 'agent-held') === undefined) return;
  clearMark(dataFolder, id, 'agent-held');
  if (powerOf(hostFolder(dataFolder, id)) === 'on') startAgent(dataFolder, id);
}
