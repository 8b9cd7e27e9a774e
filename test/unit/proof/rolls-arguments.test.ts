import { describe, expect, test } from '@jest/globals';
import { parseRollsArguments } from '../../../scripts/proof/rolls/rolls-arguments.ts';

const proof = {
  chapters: ['roll', 'stage', 'throttled'],
  report: 'there',
  defaults: { port: '22700', addresses: '127.74' },
  hasMinutes: true,
};

describe('the arguments of the proof of rolls', () => {
  test('have defaults', () => {
    expect(parseRollsArguments([], proof)).toEqual({
      type: 'arguments',
      arguments: {
        only: ['roll', 'stage', 'throttled'],
        minutes: 1,
        report: 'there',
        port: 22_700,
        addresses: '127.74',
        keep: false,
      },
    });
  });

  test('choose chapters, which are told in the order of the proof', () => {
    expect(parseRollsArguments(['--only', 'throttled,roll', '--minutes', '10', '--data', 'kept'], proof)).toMatchObject(
      {
        arguments: { only: ['roll', 'throttled'], minutes: 10, data: 'kept' },
      },
    );
  });

  test('give no time to a proof none of whose chapters waits for it', () => {
    expect(parseRollsArguments(['--minutes', '2'], { ...proof, hasMinutes: false })).toMatchObject({
      type: 'refused',
      message: expect.stringContaining('--minutes is 2: no chapter'),
    });
  });

  test.each([
    [['--only', 'roll,nap'], '--only nap: there is no such chapter; there are roll, stage, throttled'],
    [['--minutes', '0'], '--minutes is 0: allowed is a whole number from 1 to 120'],
    [['--minutes', 'ten'], '--minutes is ten: allowed is a whole number from 1 to 120'],
    [['--minutes', '0.1'], '--minutes is 0.1: allowed is a whole number from 1 to 120'],
    [['--minutes', '121'], '--minutes is 121: allowed is a whole number from 1 to 120'],
    [['--port', '80'], '--port is 80: allowed is a whole number from 1024 to 65534'],
    [['--addresses', '127.255'], '--addresses is 127.255: allowed are 127.1 to 127.254'],
    [['--fast'], "Unknown option '--fast'"],
  ])('%j are refused', (argv, message) => {
    expect(parseRollsArguments(argv, proof)).toMatchObject({
      type: 'refused',
      message: expect.stringContaining(message),
    });
  });
});
