import { nodeRunRequest } from '../model/broker/node-task.ts';
import { excessOfOverrides } from '../model/broker/task-overrides.ts';
import { advertisedHost } from '../model/names/advertised-host.ts';
import { roleOf } from '../model/node.ts';
import type { Refusal } from '../model/refusal.ts';
import type { ServiceConfig } from '../model/service/config.ts';
import type { NodeHost, ServiceTarget } from '../model/state.ts';
import { packedProperties } from './node/packed-properties.ts';

/** What a node's own address and zone may add to the packed properties, compared with these. */
const spareCharacters = 128;

/** Longest address and a long zone name: hosts are chosen only after the install is accepted. */
const longestHost: NodeHost = {
  instanceId: 'i-0123456789abcdef0',
  containerInstanceArn: '',
  address: '255.255.255.255',
  zone: 'ap-southeast-2-lax-1a',
};

/**
 * server.properties travels in the overrides of the task, which have a limit: refuses a config that some node could
 * never be started with. Source: Amazon ECS, TaskOverride.
 */
export function configFitsOverrides(target: ServiceTarget, config: ServiceConfig): readonly Refusal[] {
  const nodeIds = [target.brokerIds.at(-1), target.controllerIds.at(-1)].filter((nodeId) => nodeId !== undefined);
  const excess = Math.max(...nodeIds.map((nodeId) => excessOf(target, config, nodeId)));
  if (excess <= 0) return [];
  const names = Object.keys(config.options.kafka);
  return [
    {
      pointer: '/kafka',
      value: `${names.length} properties`,
      message: `The configuration of a node is about ${excess} characters too long for a task of Amazon ECS.`,
      allowed: 'what fits, packed, into the 8192 characters of the overrides of a task',
      hint: 'Leave out properties that have their default value, and shorten long lists.',
    },
  ];
}

function excessOf(target: ServiceTarget, config: ServiceConfig, nodeId: number): number {
  const host = { ...longestHost, address: roleOf(nodeId) === 'broker' ? '255.255.255.254' : longestHost.address };
  const properties = packedProperties({
    config,
    nodeId,
    address: host.address,
    name: advertisedHost(target, { nodeId, address: host.address }),
    rack: host.zone,
    controllers: target.controllerIds.map((controllerId, index) => {
      const address = `255.255.${100 + index * 7}.${255 - index * 13}`;
      return { nodeId: controllerId, address: advertisedHost(target, { nodeId: controllerId, address }) };
    }),
  });
  const input = { target, config, nodeId, volumeId: 'vol-0123456789abcdef0', logGroup: '', logRegion: '' };
  const launch = { ...input, taskDefinitionArn: '', host, attempt: 999_999 };
  const request = nodeRunRequest(launch, `${properties}${'='.repeat(spareCharacters)}`, '--no-initial-controllers');
  return excessOfOverrides(request);
}
