import { describe, expect, test } from '@jest/globals';
import { automaticReplacement, type LostNodeSight } from '../../../../lib/model/broker/automatic-replacement.ts';
import { outlookSentence } from '../../../../lib/model/broker/outlook-sentence.ts';
import { noWish } from '../../../../lib/model/node-wish.ts';
import type { NodeGoal, NodeLease, ServiceState, TaskSeen } from '../../../../lib/model/state.ts';
import type { VolumeSnapshot } from '../../../../lib/model/volume-snapshot.ts';
import { type WaitingReason, waitingSentence } from '../../../../lib/model/waiting-reason.ts';

const minuteMs = 60_000;
/** When the host of the lost node ended, and its zone was empty from. */
const lostAt = Date.UTC(2026, 0, 1, 12);
const graceEnds = lostAt + 20 * minuteMs;

const launchOn = (instanceId: string, nodeId: number): NonNullable<NodeGoal['launch']> => ({
  ...{ attempt: 1, requestedAt: 1, taskArn: `task-${nodeId}`, configId: 'c' },
  request: JSON.stringify({ instanceId }),
});

const goalOf = (nodeId: number, zone: string, more: Partial<NodeGoal> = {}): NodeGoal => ({
  ...{ service: 'kafka', nodeId, configId: 'c', attempt: 1, failures: { count: 0, lastAttempt: 0 } },
  host: { instanceId: `i-${zone}`, containerInstanceArn: `arn-${zone}`, address: '10.0.0.1', zone },
  volume: { generation: 1, zone, sizeGiB: 5, id: `vol-${nodeId}`, fileSystemMade: true, kafkaFormatted: true },
  launch: launchOn(`i-${zone}`, nodeId),
  ...more,
});

const runs = (nodeId: number): TaskSeen => ({
  ...{ service: 'kafka', nodeId, taskArn: `task-${nodeId}`, purpose: 'node', attempt: 1, version: 2 },
  ...{ lastStatus: 'RUNNING', desiredStatus: 'RUNNING' },
});

const nodes: readonly (readonly [number, string])[] = [
  [0, 'a'],
  [1, 'b'],
  [2, 'c'],
  [1000, 'a'],
  [1001, 'b'],
  [1002, 'c'],
];

/** Three brokers, three controllers; the one host of zone a is terminated, and no other one joins. */
const lostZone = (changes: Partial<ServiceState> = {}): ServiceState => ({
  target: {
    ...{ service: 'kafka', configId: 'c', packageVersion: '1.0.0-4.3.1', clusterId: 'id', createdAt: 1 },
    ...{ brokerIds: [0, 1, 2], controllerIds: [1000, 1001, 1002] },
  },
  wish: { service: 'kafka', planId: 'plan-1' },
  quorumFormed: { service: 'kafka', formedAt: 1 },
  ...{ plans: [], runs: [], steps: [], leases: [], verdicts: [], waits: [], nodeWishes: [] },
  goals: nodes.map(([nodeId, zone]) => goalOf(nodeId, zone)),
  seen: nodes.map(([nodeId]) => runs(nodeId)),
  goneHosts: [{ service: 'kafka', instanceId: 'i-a', seenAt: lostAt }],
  emptyZones: { service: 'kafka', zones: [{ zone: 'a', since: lostAt }] },
  ...{ hostsSeen: [], fences: [], lastWords: [], steering: [] },
  ...changes,
});

const sight = (changes: Partial<LostNodeSight> = {}): LostNodeSight => ({
  settings: { isEnabled: true, graceMs: 20 * minuteMs, delayMs: 10 * minuteMs },
  ...{ volumeState: 'available', snapshots: [], now: graceEnds },
  ...changes,
});

const disabled = sight({ settings: { isEnabled: false, graceMs: 0, delayMs: 0 } });

const decide = (state: ServiceState, changes: Partial<LostNodeSight> = {}, nodeId = 0) => {
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (goal === undefined) throw new Error(`no node ${nodeId}`);
  return automaticReplacement(state, goal, sight(changes));
};

const snapshot = (changes: Partial<VolumeSnapshot> = {}): VolumeSnapshot => ({
  ...{ snapshotId: 'snap-1', volumeId: 'vol-0', startedAt: lostAt - minuteMs, state: 'completed', sizeGiB: 5 },
  ...changes,
});

const asked = (nodeId: number, more: { readonly why?: string; readonly requestedAt?: number } = {}) => ({
  ...noWish('kafka', nodeId),
  replace: {
    ...{ times: 1, volume: 'discard' as const, force: false, requestedBy: 'warden', requestedAt: lostAt },
    volumeId: `vol-${nodeId}`,
    ...more,
  },
});

const lease = (nodeId: number, changes: Partial<NodeLease> = {}): NodeLease => ({
  ...{ service: 'kafka', nodeId, holder: 'x', kind: 'replacement', number: 1, released: false },
  ...changes,
});

const turn: WaitingReason = { type: 'turn', heldBy: 'controllers come before brokers' };
const forHost: WaitingReason = { type: 'capacity', role: 'broker', hosts: [], registered: 0 };

/** Whoever holds the node waits. */
const waitingFor = (nodeId: number, reason: WaitingReason, kind: NodeLease['kind'] = 'recovery') => ({
  leases: [lease(nodeId, { kind })],
  waits: [{ service: 'kafka', nodeId, holder: 'x', reason, since: lostAt }],
});

const without = ({ emptyZones: _gone, ...state }: ServiceState): ServiceState => state;

describe('a node whose zone has a host', () => {
  test('is not replaced however long it is down: recovery takes it there, with its volume', () => {
    expect(decide(without(lostZone()), { now: graceEnds + 1000 * minuteMs })).toEqual({ type: 'none' });
    const otherZone = lostZone({ emptyZones: { service: 'kafka', zones: [{ zone: 'b', since: lostAt }] } });
    expect(decide(otherZone)).toEqual({ type: 'none' });
  });

  test.each([
    [undefined, 'EC2 does not know volume vol-0 any more'],
    ['error', 'EC2 calls volume vol-0 "error", which never ends'],
  ])('is replaced when its volume is lost: %s', (volumeState, why) => {
    const decision = decide(without(lostZone()), { volumeState });
    expect(decision).toMatchObject({ type: 'replace', volume: 'discard', why: expect.stringContaining(why) });
  });

  test.each(['creating', 'available', 'in-use', 'deleting'])('keeps a volume that is %s', (volumeState) => {
    expect(decide(without(lostZone()), { volumeState })).toEqual({ type: 'none' });
  });
});

describe('a node whose zone is lost', () => {
  test('waits for a person while replacement is not enabled', () => {
    const [goal] = lostZone().goals;
    const decision = goal && automaticReplacement(lostZone(), goal, disabled);
    expect(decision).toMatchObject({ type: 'wait', outlook: { type: 'operator', pod: 'kafka-0' } });
    if (decision?.type !== 'wait') throw new Error('it waits');
    const reason = { type: 'capacity', role: 'broker', hosts: [], registered: 0, lost: decision.outlook } as const;
    expect(waitingSentence(reason)).toBe(
      'waits for a host: no host is registered. It goes on by itself when a host joins or frees resources. No host of a has been in touch since 2026-01-01T12:00:00.000Z, and a volume never leaves its zone: "warden pod replace kafka-0 --discard" starts it with an empty volume, which Kafka fills from the other replicas; with service.enable_replacement Warden does so by itself',
    );
  });

  test('is replaced when the grace period is over, and not before', () => {
    expect(decide(lostZone(), { now: graceEnds - 1 })).toMatchObject({
      type: 'wait',
      outlook: { type: 'later', notBefore: graceEnds, why: 'grace period' },
    });
    expect(decide(lostZone())).toEqual({
      type: 'replace',
      volume: 'discard',
      why: 'no host of a has been in touch since 2026-01-01T12:00:00.000Z, and a volume never leaves its zone; it has been down since 2026-01-01T12:00:00.000Z. There is no completed snapshot of its volume with data, so it starts empty',
    });
  });

  test('has the grace period from when its zone was lost, though it was down before', () => {
    const since = lostAt + 7 * minuteMs;
    const state = lostZone({ emptyZones: { service: 'kafka', zones: [{ zone: 'a', since }] } });
    expect(decide(state)).toMatchObject({ outlook: { type: 'later', notBefore: graceEnds + 7 * minuteMs } });
  });

  test('has it from its proven stop, though its zone was lost before', () => {
    const stoppedAt = lostAt + 5 * minuteMs;
    const stopped = { ...runs(0), lastStatus: 'STOPPED', exitCode: 137, stoppedAt };
    const state = lostZone({ goneHosts: [], seen: [stopped, ...lostZone().seen.slice(1)] });
    expect(decide(state)).toMatchObject({ outlook: { type: 'later', notBefore: graceEnds + 5 * minuteMs } });
  });

  test('is left alone while nothing proves that its process is gone', () => {
    const stopped = { ...runs(0), lastStatus: 'STOPPED', stoppedAt: lostAt };
    const state = lostZone({ goneHosts: [], seen: [stopped, ...lostZone().seen.slice(1)] });
    expect(decide(state)).toMatchObject({ type: 'wait', outlook: { type: 'stop not proven' } });
    expect(decide(lostZone({ goneHosts: [] }))).toEqual({ type: 'none' });
  });

  test.each([
    ['uninstalled', { wish: { service: 'kafka', planId: 'plan-1', uninstall: { keepVolumes: false } } }],
    ['hibernates', { wish: { service: 'kafka', planId: 'plan-1', hibernates: true as const } }],
    ['is paused', { nodeWishes: [{ ...noWish('kafka', 0), pause: { requestedBy: 'anna', requestedAt: 1 } }] }],
    [
      'was given up',
      { goals: lostZone().goals.map((goal) => ({ ...goal, failures: { count: 2, lastAttempt: 1, tries: 1 } })) },
    ],
  ])('is left alone when its service or it %s', (_what, changes) => {
    expect(decide(lostZone(changes))).toEqual({ type: 'none' });
  });
});

const withGoal = (nodeId: number, changes: Partial<NodeGoal>) =>
  lostZone().goals.map((goal) => (goal.nodeId === nodeId ? { ...goal, ...changes } : goal));
const old = { id: 'vol-2-old', generation: 1 };
const empty = { generation: 2, zone: 'c', sizeGiB: 5, fileSystemMade: false, kafkaFormatted: false };

describe('one replacement after another', () => {
  test.each([
    ['is down and was asked for by an operator', { nodeWishes: [asked(1000)] }, 'controller-0'],
    ['was asked for by Warden', { nodeWishes: [asked(1000, { why: 'lost' })] }, 'controller-0'],
    [
      'was asked for by Warden and waits for its turn',
      { ...waitingFor(1000, turn), nodeWishes: [asked(1000, { why: 'lost' })] },
      'controller-0',
    ],
    ['moves its volume', { leases: [lease(2)] }, 'kafka-2'],
    ['is not in sync with its new volume', { goals: withGoal(2, { replaced: 1, discarded: [old] }) }, 'kafka-2'],
    ['is still empty', { goals: withGoal(2, { replaced: 1, volume: empty }) }, 'kafka-2'],
    [
      'has given up its volume and waits for a host',
      { ...waitingFor(2, forHost), goals: withGoal(2, { replaced: 1, discarded: [old] }) },
      'kafka-2',
    ],
  ])('waits while another one %s', (_what, changes, other) => {
    expect(decide(lostZone(changes))).toMatchObject({ type: 'wait', outlook: { type: 'after another', other } });
  });

  test.each([
    [
      'was asked for by Warden and waits for a host',
      { ...waitingFor(1000, forHost), nodeWishes: [asked(1000, { why: 'lost' })] },
    ],
    [
      'was asked for by an operator and waits for a host',
      { ...waitingFor(1000, forHost, 'replacement'), nodeWishes: [asked(1000)] },
    ],
    ['moves, and waits for a host', waitingFor(1, forHost, 'replacement')],
    ['runs, and an operator wants it replaced when it may stop', { nodeWishes: [asked(1)] }],
  ])('does not wait while another one has given up nothing: it %s', (_what, changes) => {
    expect(decide(lostZone(changes))).toMatchObject({ type: 'replace' });
  });

  test('waits for one that waited for a host and does not any more', () => {
    const { waits, leases } = waitingFor(1000, forHost);
    const nodeWishes = [asked(1000, { why: 'lost' })];
    const released = leases.map((one) => ({ ...one, released: true }));
    expect(decide(lostZone({ waits, leases: released, nodeWishes }))).toMatchObject({
      outlook: { type: 'after another', other: 'controller-0' },
    });
  });

  test('says which one it waits for, and what does not wait', () => {
    const decision = decide(lostZone({ nodeWishes: [asked(1000, { why: 'lost' })] }));
    expect(decision.type === 'wait' && outlookSentence(decision.outlook)).toBe(
      'no host of a has been in touch since 2026-01-01T12:00:00.000Z, and a volume never leaves its zone: it is replaced by itself after controller-0, whose replacement or move is under way; "warden pod replace kafka-0 --discard" does not wait for that',
    );
  });

  test('does not wait for a move that is over, or a recovery', () => {
    const leases = [lease(1, { released: true }), lease(2, { kind: 'recovery' })];
    const goals = withGoal(2, { replaced: 1, discarded: [{ ...old, needless: true }] });
    expect(decide(lostZone({ leases, goals }))).toMatchObject({ type: 'replace' });
  });

  test('keeps the least time since the last one of its own', () => {
    const requestedAt = graceEnds - 9 * minuteMs;
    const goals = lostZone().goals.map((goal) => (goal.nodeId === 1 ? { ...goal, replaced: 1 } : goal));
    const ownOne = lostZone({ goals, nodeWishes: [asked(1, { why: 'lost', requestedAt })] });
    expect(decide(ownOne)).toMatchObject({
      outlook: { type: 'later', notBefore: graceEnds + minuteMs, why: 'delay' },
    });
    expect(decide(ownOne, { now: graceEnds + minuteMs })).toMatchObject({ type: 'replace' });
    const ofAnOperator = lostZone({ goals, nodeWishes: [asked(1, { requestedAt })] });
    expect(decide(ofAnOperator)).toMatchObject({ type: 'replace' });
  });

  test('is asked for once', () => {
    expect(decide(lostZone({ nodeWishes: [asked(0, { why: 'lost' })] }))).toEqual({ type: 'none' });
    expect(decide(lostZone({ nodeWishes: [asked(0)] }))).toEqual({ type: 'none' });
  });
});

describe('what it starts with', () => {
  test('is the newest completed snapshot of its volume', () => {
    const snapshots = [
      snapshot({ snapshotId: 'older', startedAt: lostAt - 2 * minuteMs }),
      snapshot({ snapshotId: 'newest' }),
      snapshot({ snapshotId: 'pending', state: 'pending', startedAt: lostAt }),
      snapshot({ snapshotId: 'of another volume', volumeId: 'vol-1', startedAt: lostAt }),
      snapshot({ snapshotId: 'larger than the volume', sizeGiB: 6, startedAt: lostAt }),
    ];
    expect(decide(lostZone(), { snapshots })).toMatchObject({
      ...{ type: 'replace', volume: 'snapshot', snapshotId: 'newest' },
      why: expect.stringContaining('newest of 2026-01-01T11:59:00.000Z'),
    });
  });

  test.each([
    ['pending', snapshot({ state: 'pending' })],
    ['failed', snapshot({ state: 'error' })],
    ['of another volume', snapshot({ volumeId: 'vol-9' })],
  ])('is an empty volume when all snapshots are %s', (_what, one) => {
    expect(decide(lostZone(), { snapshots: [one] })).toMatchObject({ type: 'replace', volume: 'discard' });
  });

  test('is no snapshot from before the node was in sync with its volume: that may be blank', () => {
    const filledAt = lostAt - 2 * minuteMs;
    const volume = { ...goalOf(0, 'a').volume, filledAt } as NonNullable<NodeGoal['volume']>;
    const goals = withGoal(0, { volume });
    const blank = snapshot({ snapshotId: 'blank', startedAt: filledAt - 1 });
    const full = snapshot({ snapshotId: 'full', startedAt: filledAt });
    expect(decide(lostZone({ goals }), { snapshots: [blank] })).toMatchObject({ type: 'replace', volume: 'discard' });
    expect(decide(lostZone({ goals }), { snapshots: [blank, full] })).toMatchObject({ snapshotId: 'full' });
  });

  test('is an empty volume for a controller: a snapshot has forgotten what it acknowledged', () => {
    const snapshots = [snapshot({ volumeId: 'vol-1000' })];
    expect(decide(lostZone(), { snapshots }, 1000)).toMatchObject({ type: 'replace', volume: 'discard' });
  });
});

describe('the quorum', () => {
  test('must have a majority without the node', () => {
    const seen = lostZone().seen.map((one) => (one.nodeId === 1001 ? { ...one, lastStatus: 'PENDING' } : one));
    const expected = { type: 'wait', outlook: { type: 'no quorum', running: 1, needed: 2 } };
    expect(decide(lostZone({ seen }), {}, 1000)).toMatchObject(expected);
    expect(decide(lostZone({ seen }), {}, 0)).toMatchObject(expected);
  });

  test.each([
    ['the one controller', 1000, { brokerIds: [0, 1, 2], controllerIds: [1000] }],
    ['the one node', 0, { brokerIds: [0], controllerIds: [0] }],
  ])('of one is not replaced by anybody: %s', (_what, nodeId, ids) => {
    const state = lostZone({ target: { ...lostZone().target, ...ids } });
    expect(decide(state, {}, nodeId)).toMatchObject({ type: 'wait', outlook: { type: 'nobody can' } });
  });
});

describe('a zone that comes back', () => {
  test('takes back what Warden asked for and nobody has begun with', () => {
    const back = without(lostZone({ nodeWishes: [asked(0, { why: 'lost' })] }));
    expect(decide(back)).toEqual({ type: 'withdraw' });
  });

  test('takes nothing back that an operator asked for, or that was decided', () => {
    expect(decide(without(lostZone({ nodeWishes: [asked(0)] })))).toEqual({ type: 'none' });
    const goals = lostZone().goals.map((goal) => ({ ...goal, replaced: 1 }));
    expect(decide(without(lostZone({ goals, nodeWishes: [asked(0, { why: 'lost' })] })))).toEqual({ type: 'none' });
  });
});
