import { describe, expect, jest, test } from '@jest/globals';
import { readStack } from './cloud/stack.ts';
import { kindsOfSites, type LifeReport, lives, runLife } from './run/crash-points.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const stack = readStack();
const [small, usual] = lives;

function broken({ violations, story }: LifeReport): string {
  return violations.length === 0
    ? ''
    : `${violations.map(({ rule, story: what }) => `${rule}: ${what}`).join('\n')}\n${story.join('\n')}`;
}

const undisturbed = { small: await runLife(small, stack), usual: await runLife(usual, stack) };
const smallKinds = kindsOfSites(undisturbed.small.calls);
const onlyUsual = kindsOfSites(undisturbed.usual.calls).filter(
  ({ kind }) => !smallKinds.some((known) => known.kind === kind),
);

describe('a service without faults', () => {
  test('lives and goes without breaking a rule', () => {
    expect(broken(undisturbed.usual)).toBe('');
  });

  test('starts each node once, and once more after each death', () => {
    expect(Object.fromEntries(undisturbed.usual.starts)).toEqual({
      'warden/kafka/1000/preparation': 1,
      'warden/kafka/1001/preparation': 1,
      'warden/kafka/1002/preparation': 1,
      'warden/kafka/0/preparation': 1,
      'warden/kafka/1/preparation': 1,
      'warden/kafka/1000/node': 1,
      'warden/kafka/1001/node': 2,
      'warden/kafka/1002/node': 1,
      'warden/kafka/0/node': 1,
      'warden/kafka/1/node': 2,
    });
  });

  test('makes at least the calls whose loss is looked at below', () => {
    for (const operation of [
      'RunTask',
      'CreateVolume',
      'AttachVolume',
      'StopTask',
      'DeleteVolume',
      'unregisterBroker',
      'addVoter',
    ]) {
      expect(undisturbed.usual.calls.some(({ words }) => words.includes(`.${operation} `))).toBe(true);
    }
  });
});

describe('install, recovery, uninstall and reconcile go on after the death of a process', () => {
  for (const when of ['before', 'after'] as const) {
    test.each(smallKinds.map(({ kind, call }) => [kind, call] as const))(`${when} %s`, async (_, call) => {
      expect(broken(await runLife(small, stack, { call, when }))).toBe('');
    });
    test.each(onlyUsual.map(({ kind, call }) => [kind, call] as const))(
      `${when} %s, with a quorum of three`,
      async (_, call) => {
        expect(broken(await runLife(usual, stack, { call, when }))).toBe('');
      },
    );
  }
});
