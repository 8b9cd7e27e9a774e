import { describe, expect, test } from '@jest/globals';
import { choosePorts } from '../../../../lib/model/service/choose-ports.ts';
import type { ServiceOptions } from '../../../../lib/model/service/options.ts';
import { healthCheckDefaults } from '../../../support/health-check-defaults.ts';
import { replacementDefaults } from '../../../support/replacement-defaults.ts';

const node = {
  ...{ count: 3, cpus: 1, mem: 2048, heap: { size: 1024 }, disk: 5000 },
  ...{ failover_delay: '10s', failover_max_delay: '60s' },
};

function options(brokersPort: number, controllersPort: number): ServiceOptions {
  return {
    service: {
      name: 'kafka',
      placement_constraint: '[["hostname","MAX_PER","1"]]',
      deploy_strategy: 'serial',
      rollback: 'manual',
      canary_limit_secs: 600,
      minimum_soak_secs: 0,
      ...healthCheckDefaults,
      ...replacementDefaults,
      rlimits: { rlimit_nofile: { soft: 128_000, hard: 128_000 } },
    },
    brokers: { ...node, port: brokersPort, disk_type: 'ROOT', kill_grace_period: 300 },
    controllers: { ...node, mode: 'dedicated', port: controllersPort },
    kafka: {},
  };
}

const claim = (port: number) => ({ port, service: 'other' });
const portsOf = (wanted: ServiceOptions, claims: readonly { readonly port: number; readonly service: string }[]) => {
  const choice = choosePorts(wanted, claims);
  return choice.type === 'chosen' ? choice.ports : choice;
};

describe('the ports of a service', () => {
  test('are the lowest free ones when none are asked for', () => {
    expect(portsOf(options(0, 0), [])).toEqual([9092, 9093]);
    expect(portsOf(options(0, 0), [9092, 9093, 9095].map(claim))).toEqual([9094, 9096]);
  });

  test('never meet each other when one of them is asked for', () => {
    expect(portsOf(options(0, 9092), [])).toEqual([9093, 9092]);
    expect(portsOf(options(9092, 0), [])).toEqual([9092, 9093]);
  });

  test('stand in the options afterwards', () => {
    const choice = choosePorts(options(0, 9300), []);
    expect(choice.type === 'chosen' && [choice.options.brokers.port, choice.options.controllers.port]).toEqual([
      9092, 9300,
    ]);
  });

  test('that are asked for and taken are named with whom they belong to', () => {
    expect(choosePorts(options(9100, 9101), [claim(9101), claim(9100)])).toEqual({
      type: 'taken',
      taken: [
        { pointer: '/brokers/port', port: 9100, service: 'other' },
        { pointer: '/controllers/port', port: 9101, service: 'other' },
      ],
    });
  });

  test('end with the range that the security groups open', () => {
    const all = Array.from({ length: 300 }, (_, index) => claim(9092 + index));
    expect(choosePorts(options(0, 0), all)).toEqual({ type: 'none free' });
    expect(choosePorts(options(0, 0), all.slice(0, 299))).toEqual({ type: 'none free' });
    expect(portsOf(options(0, 0), all.slice(0, 298))).toEqual([9390, 9391]);
  });
});
