import { describe, expect, test } from '@jest/globals';
import { endpointOf } from '../../../../lib/model/endpoint/endpoint.ts';
import { advertisedHost } from '../../../../lib/model/names/advertised-host.ts';
import { isNameOfService, nodeName } from '../../../../lib/model/names/node-name.ts';
import { missingNames, namesBeforeStart, namesOfService } from '../../../../lib/model/names/wanted-names.ts';
import type { NodeGoal, NodeHost, ServiceState } from '../../../../lib/model/state.ts';
import { service } from '../plan-status/a-service.ts';

const named = { service: 'kafka', zone: 'kafka.internal' };
const host = (address: string): NodeHost => ({ instanceId: 'i-1', containerInstanceArn: '', address, zone: 'a' });

function goal(nodeId: number, address?: string): NodeGoal {
  const base = { service: 'kafka', nodeId, configId: 'c', attempt: 0, failures: { count: 0, lastAttempt: 0 } };
  return address === undefined ? base : { ...base, host: host(address) };
}

/** Brokers 0, 1 and 2 and controllers 1000 and 1001, of which broker 2 has no host yet. */
function state(changes: Partial<ServiceState> = {}): ServiceState {
  const base = service();
  return {
    ...base,
    target: { ...base.target, brokerIds: [0, 1, 2], controllerIds: [1000, 1001], zone: 'kafka.internal' },
    goals: [goal(0, '10.0.0.9'), goal(1, '10.0.0.1'), goal(2)],
    controllerHosts: {
      service: 'kafka',
      hosts: [
        { nodeId: 1000, host: host('10.0.0.1') },
        { nodeId: 1001, host: host('10.0.0.2') },
      ],
    },
    ...changes,
  };
}

const lines = (records: ReturnType<typeof namesOfService>) =>
  records.map(({ name, addresses }) => `${name} ${addresses.join(',')}`);

describe('the name of a node', () => {
  test.each([
    [0, 'b0.kafka.kafka.internal'],
    [12, 'b12.kafka.kafka.internal'],
    [1000, 'c0.kafka.kafka.internal'],
    [1002, 'c2.kafka.kafka.internal'],
  ])('%i is %s', (nodeId, name) => {
    expect(nodeName(named, nodeId)).toBe(name);
  });

  test('is what it advertises; without a zone its address is', () => {
    const node = { nodeId: 1, address: '10.0.0.1' };
    expect(advertisedHost(named, node)).toBe('b1.kafka.kafka.internal');
    expect(advertisedHost({ service: 'kafka' }, node)).toBe('10.0.0.1');
  });
});

describe('a name belongs to a service', () => {
  test.each([
    ['b0.kafka.kafka.internal', true],
    ['c17.kafka.kafka.internal', true],
    ['bootstrap.kafka.kafka.internal', true],
    ['b0.kafka-dev.kafka.internal', false],
    ['b0.dev.kafka.kafka.internal', false],
    ['kafka.kafka.internal', false],
    ['b0.kafka.internal', false],
    ['b.kafka.kafka.internal', false],
    ['xb0.kafka.kafka.internal', false],
  ])('%s: %s', (name, belongs) => {
    expect(isNameOfService(named, name)).toBe(belongs);
  });
});

describe('before it starts', () => {
  test('a broker has its own name and stands behind the bootstrap name with all that have a host', () => {
    expect(lines(namesBeforeStart(state(), 1))).toEqual([
      'b1.kafka.kafka.internal 10.0.0.1',
      'bootstrap.kafka.kafka.internal 10.0.0.1,10.0.0.9',
    ]);
  });

  test('a controller has the names of all controllers, which its file holds', () => {
    const moved = state({ goals: [...state().goals, goal(1001, '10.0.0.7')] });
    expect(lines(namesBeforeStart(moved, 1000))).toEqual([
      'c0.kafka.kafka.internal 10.0.0.1',
      'c1.kafka.kafka.internal 10.0.0.7',
    ]);
  });

  test('the one node of combined mode has one name for both of its roles', () => {
    const combined = state({
      target: { ...state().target, brokerIds: [0], controllerIds: [0] },
      goals: [goal(0, '10.0.0.9')],
      controllerHosts: { service: 'kafka', hosts: [{ nodeId: 0, host: host('10.0.0.9') }] },
    });
    expect(lines(namesBeforeStart(combined, 0))).toEqual([
      'b0.kafka.kafka.internal 10.0.0.9',
      'bootstrap.kafka.kafka.internal 10.0.0.9',
    ]);
  });

  test('a node of a service without a zone has none', () => {
    const { zone: _zone, ...target } = state().target;
    expect(namesBeforeStart(state({ target }), 1)).toEqual([]);
  });
});

describe('the names of a service', () => {
  test('name an address once that several brokers share', () => {
    const shared = state({ goals: [goal(0, '10.0.0.1'), goal(1, '10.0.0.1')] });
    expect(lines(namesOfService(shared))).toContain('bootstrap.kafka.kafka.internal 10.0.0.1');
  });

  test('are none while it goes away', () => {
    expect(namesOfService(state({ wish: { ...state().wish, uninstall: { keepVolumes: false } } }))).toEqual([]);
  });

  test('are missing when the zone lacks them or says another address or time', () => {
    const [own, bootstrap] = namesBeforeStart(state(), 1);
    if (own === undefined || bootstrap === undefined) throw new Error('two names');
    const reversed = { ...bootstrap, addresses: ['10.0.0.9', '10.0.0.1'] };
    expect(missingNames([own, bootstrap], [own, reversed])).toEqual([]);
    expect(missingNames([own, bootstrap], [bootstrap])).toEqual([own]);
    expect(missingNames([own], [{ ...own, addresses: ['10.0.0.2'] }])).toEqual([own]);
    expect(missingNames([own], [{ ...own, ttlSeconds: 300 }])).toEqual([own]);
  });
});

describe('an endpoint', () => {
  const node = { cpus: 1, mem: 2048, heap: { size: 512 }, disk: 5000 };
  const options = { brokers: { port: 9092 }, controllers: { port: 9093 } };
  const config = { id: 'c', packageVersion: '1.0.0-4.3.1', options: { ...node, ...options } } as never;

  test('has names in the order of the addresses, and one for all brokers', () => {
    expect(endpointOf(state(), config, 'broker')).toEqual({
      address: ['10.0.0.9:9092', '10.0.0.1:9092'],
      dns: ['b0.kafka.kafka.internal:9092', 'b1.kafka.kafka.internal:9092'],
      vip: 'bootstrap.kafka.kafka.internal:9092',
    });
  });

  test('has no name for all controllers', () => {
    const placed = state({ goals: [goal(1000, '10.0.0.1')] });
    expect(endpointOf(placed, config, 'controller')).toEqual({
      address: ['10.0.0.1:9093'],
      dns: ['c0.kafka.kafka.internal:9093'],
    });
  });
});
