import { describe, expect, test } from '@jest/globals';
import { automaticFence } from '../../../../lib/model/hosts/fence.ts';
import type { NodeLife } from '../../../../lib/model/hosts/life.ts';
import type { HostSeen } from '../../../../lib/model/hosts/records.ts';
import type { ServiceConfig } from '../../../../lib/model/service/config.ts';
import { resolveOptions } from '../../../../lib/model/service/resolve-options.ts';
import type { NodeGoal, ServiceState, ServiceWish, TaskSeen } from '../../../../lib/model/state.ts';
import { goal, installPlan, service } from '../plan-status/a-service.ts';

const now = Date.parse('2026-11-22T10:00:00.000Z');
const minuteMs = 60_000;
const silentSince = now - 21 * minuteMs;

function on(nodeId: number): NodeGoal {
  const host = { instanceId: 'i-1', containerInstanceArn: 'arn', address: '10.0.0.1', zone: 'a' };
  const request = JSON.stringify({ instanceId: 'i-1' });
  return goal(nodeId, {
    ...{ host, attempt: 1 },
    launch: { attempt: 1, request, requestedAt: 1, taskArn: `arn:task/${nodeId}` },
  });
}

function ended(name: string, nodeId: number, isProven: boolean): TaskSeen {
  const task = { service: name, nodeId, purpose: 'node' as const, attempt: 1, taskArn: `arn:task/${nodeId}` };
  const end = isProven ? { exitCode: 143 } : { stopCode: 'TerminationNotice' };
  return { ...task, version: 3, lastStatus: 'STOPPED', desiredStatus: 'STOPPED', ...end };
}

interface Given {
  readonly name?: string;
  readonly lives?: Readonly<Record<number, NodeLife>>;
  readonly seen?: Partial<HostSeen>;
  readonly askedAt?: number;
  readonly options?: object;
  readonly wish?: Partial<ServiceWish>;
  /** Its nodes have ended, and ECS has proven it, or says so without a proof. */
  readonly hasEnded?: boolean | 'it is said';
}

function given(of: Given) {
  const {
    name = 'kafka',
    lives = { 0: 'dead', 1000: 'dead' },
    seen = {},
    askedAt = now,
    options,
    wish = {},
    hasEnded = false,
  } = of;
  const nodes = Object.entries(lives).map(([id, life]) => ({ nodeId: Number(id), life, since: silentSince }));
  const state: ServiceState = service({
    target: { ...service().target, service: name },
    wish: { ...service().wish, ...wish },
    goals: Object.keys(lives).map((id) => on(Number(id))),
    hostsSeen: [{ service: name, instanceId: 'i-1', status: 'ACTIVE', silentSince, ...seen }],
    witness: { service: name, askedAt, nodes },
    seen: hasEnded !== false ? Object.keys(lives).map((id) => ended(name, Number(id), hasEnded === true)) : [],
  });
  return { state, config: configOf(options ?? { enable_replacement: true }) };
}

function configOf(options: object): ServiceConfig {
  const packageVersion = '1.0.0-4.3.1';
  const resolved = resolveOptions({ service: options }, packageVersion);
  if (resolved.type !== 'resolved') throw new Error(JSON.stringify(resolved));
  return { id: installPlan.configId, packageVersion, options: resolved.options };
}

describe('a host is ended without an operator', () => {
  test('when it is silent beyond the grace period, all its nodes are dead by Kafka, and replacement is on', () => {
    expect(automaticFence([given({})], 'i-1', now)).toEqual({
      type: 'fence',
      why: "its agent is out of touch since 2026-11-22T09:39:00.000Z, longer than 1200 s, and kafka/kafka-0, kafka/controller-0 are dead by Kafka's witness",
    });
  });

  test.each<[string, Given]>([
    ['alive', { lives: { 0: 'alive' } }],
    ['not known, because its Kafka does not answer', { lives: { 0: 'unknown' }, askedAt: now - 3_600_000 }],
    ['not to be replaced', { options: {} }],
    ['of a longer grace period', { options: { enable_replacement: true, recover_in_place_grace_period_secs: 3600 } }],
  ])('whatever ended nodes of a service that is wanted down are: %s', (_how, of) => {
    const hibernates = { ...of, name: 'orders', hasEnded: true, wish: { hibernates: true as const } };
    const why = expect.stringMatching(/ 1200 s, and kafka\/kafka-0, kafka\/controller-0 are dead by Kafka's witness$/);
    expect(automaticFence([given({}), given(hibernates)], 'i-1', now)).toEqual({ type: 'fence', why });
    const leaves = { ...hibernates, wish: { uninstall: { keepVolumes: false } } };
    expect(automaticFence([given({}), given(leaves)], 'i-1', now)).toEqual({ type: 'fence', why });
  });

  test.each<[string, readonly Given[], string]>([
    [
      'while all nodes there are of services that hibernate',
      [{ wish: { hibernates: true } }, { name: 'orders', wish: { hibernates: true } }],
      'no node of a service that is to run is there',
    ],
    [
      'while a node of the service that runs lives, whatever hibernates beside it',
      [{ lives: { 0: 'alive' } }, { name: 'orders', hasEnded: true, wish: { hibernates: true } }],
      'not known to be dead: kafka/kafka-0',
    ],
    [
      'while nobody has proven the end of a node that is wanted down',
      [{}, { name: 'orders', lives: { 2: 'dead' }, wish: { hibernates: true } }],
      'not known to be dead: orders/kafka-2',
    ],
    [
      'while ECS only says that a node that is wanted down has ended',
      [
        {},
        { name: 'orders', lives: { 2: 'dead' }, hasEnded: 'it is said', wish: { uninstall: { keepVolumes: false } } },
      ],
      'not known to be dead: orders/kafka-2',
    ],
    ['while replacement is off', [{ options: {} }], 'enable_replacement is off for kafka'],
    [
      'while replacement is off for one of two services',
      [{}, { name: 'orders', options: {} }],
      'enable_replacement is off for orders',
    ],
    ['while its agent is in touch', [{ seen: { silentSince: now - 59_999 } }], 'its agent is in touch'],
    ['once EC2 has stopped it: that ends it for now', [{ seen: { stoppedSince: now } }], 'its agent is in touch'],
    [
      'before the grace period is over',
      [{ seen: { silentSince: now - 1_199_999 } }],
      'it is out of touch for less than 1200 s',
    ],
    [
      'before the longest grace period of its services is over',
      [{}, { name: 'orders', options: { enable_replacement: true, recover_in_place_grace_period_secs: 3600 } }],
      'it is out of touch for less than 3600 s',
    ],
    ['while one node lives', [{ lives: { 0: 'dead', 1000: 'alive' } }], 'not known to be dead: kafka/controller-0'],
    ['while nothing is known of one', [{ lives: { 0: 'unknown' } }], 'not known to be dead: kafka/kafka-0'],
    [
      'while a node of another service lives',
      [{}, { name: 'orders', lives: { 0: 'alive' } }],
      'not known to be dead: orders/kafka-0',
    ],
    ['by what Kafka said long ago', [{ askedAt: now - 120_001 }], 'Kafka was not asked a moment ago'],
  ])('not %s', (_what, services, why) => {
    expect(automaticFence(services.map(given), 'i-1', now)).toEqual({ type: 'none', why });
  });

  test('not when no node is there', () => {
    expect(automaticFence([given({})], 'i-2', now).type).toBe('none');
  });
});
