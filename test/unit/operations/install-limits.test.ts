import { describe, expect, test } from '@jest/globals';
import { nodeRunRequest } from '../../../lib/model/broker/node-task.ts';
import type { ServiceConfig } from '../../../lib/model/service/config.ts';
import { resolveOptions } from '../../../lib/model/service/resolve-options.ts';
import type { ServiceTarget } from '../../../lib/model/state.ts';
import { configFitsOverrides } from '../../../lib/operations/config-fits-overrides.ts';
import { packedProperties } from '../../../lib/operations/node/packed-properties.ts';

const target: ServiceTarget = {
  service: 'kafka',
  configId: '00000000-0000-4000-8000-000000000001',
  packageVersion: '1.0.0-4.3.1',
  clusterId: 'MkU3OEVBNTcwNTJENDM2Qg',
  brokerIds: [0, 1, 2],
  controllerIds: [1000, 1001, 1002],
  createdAt: 0,
};

/** Text that does not get shorter when it is packed. */
function noise(length: number): string {
  let seed = 12_345;
  return Array.from({ length }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'[seed % 62];
  }).join('');
}

function configWith(kafka: Readonly<Record<string, string>>): ServiceConfig {
  const resolved = resolveOptions({}, '1.0.0-4.3.1');
  if (resolved.type === 'refused') throw new Error('the defaults are valid');
  return { id: target.configId, packageVersion: '1.0.0-4.3.1', options: { ...resolved.options, kafka } };
}

/** Characters of the overrides that ECS would count, written down here once more from its documented shape. */
function overridesLength(config: ServiceConfig, nodeId: number): number {
  const host = { instanceId: 'i-1', containerInstanceArn: 'arn', address: '10.123.210.117', zone: 'eu-central-1c' };
  const controllers = target.controllerIds.map((id, index) => ({ nodeId: id, address: `10.1${index}.2${index}.4` }));
  const properties = packedProperties({ config, nodeId, address: host.address, rack: host.zone, controllers });
  const names = { volumeId: 'vol-1', logGroup: '/warden', logRegion: 'eu-central-1', taskDefinitionArn: 'arn' };
  const input = { target, config, nodeId, ...names, host, attempt: 12 };
  const request = nodeRunRequest(input, properties, '--no-initial-controllers');
  const override = {
    name: request.containerName,
    ...(request.command === undefined ? {} : { command: request.command }),
    environment: Object.entries(request.environment).map(([name, value]) => ({ name, value })),
    cpu: request.cpuUnits,
    memoryReservation: request.memoryReservationMiB,
  };
  return JSON.stringify({ containerOverrides: [override] }).length;
}

describe('a config', () => {
  test('of defaults leaves more than half of the overrides of a task free', () => {
    expect(configFitsOverrides(target, configWith({}))).toEqual([]);
    expect(overridesLength(configWith({}), 0)).toBeLessThan(4_096);
  });

  test('that does not fit into the overrides of a task is refused with what would be accepted', () => {
    const [refusal, ...others] = configFitsOverrides(target, configWith({ principal_builder_class: noise(9_000) }));
    expect(others).toEqual([]);
    expect(refusal?.pointer).toBe('/kafka');
    expect(refusal?.message).toMatch(/^The configuration of a node is about \d+ characters too long/);
    expect(refusal?.allowed).toContain('8192 characters');
    expect(refusal?.hint).toBeDefined();
  });

  test('that is just accepted fits with the addresses that its nodes get', () => {
    let length = 9_000;
    while (configFitsOverrides(target, configWith({ principal_builder_class: noise(length) })).length > 0) length -= 10;
    const config = configWith({ principal_builder_class: noise(length) });
    for (const nodeId of [0, 1000]) {
      expect(overridesLength(config, nodeId)).toBeLessThanOrEqual(8_192);
      expect(overridesLength(config, nodeId)).toBeGreaterThan(7_800);
    }
  });
});
