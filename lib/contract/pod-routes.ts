import type { Line, Operation } from './route.ts';

const commands: Readonly<Record<string, Operation>> = {
  restart: 'restartPod',
  replace: 'replacePod',
  pause: 'pausePod',
  resume: 'resumePod',
};

/** Pods and single brokers, below `/service/{name}/v1` and `/v1`. The clients of the guides send commands by POST or PUT. */
export const podLines: readonly Line[] = [
  { method: 'PUT', path: '/brokers/{id}', group: 'commands', operation: 'restartBroker' },
  { method: 'GET', path: '/pod', group: 'aws', operation: 'listPods' },
  { method: 'GET', path: '/pod/status', group: 'aws', operation: 'getPodsStatus' },
  { method: 'GET', path: '/pod/{pod}/status', group: 'aws', operation: 'getPodStatus' },
  { method: 'GET', path: '/pod/{pod}/info', group: 'aws', operation: 'getPodInfo' },
  ...Object.entries(commands).flatMap(([command, operation]): readonly Line[] => [
    { method: 'POST', path: `/pod/{pod}/${command}`, group: 'commands', operation },
    { method: 'PUT', path: `/pod/{pod}/${command}`, group: 'commands', operation, operationId: `${operation}ByPut` },
  ]),
  { method: 'POST', path: '/pod/{pod}/adopt', group: 'commands', operation: 'adoptPod' },
  { method: 'POST', path: '/pod/{pod}/stop-proven', group: 'commands', operation: 'proveStop' },
];
