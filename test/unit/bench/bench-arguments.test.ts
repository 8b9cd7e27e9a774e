import { describe, expect, test } from '@jest/globals';
import { orderOf, parseBenchArguments } from '../../../scripts/bench/bench-arguments.ts';

describe('the arguments of the benchmark', () => {
  test('have defaults', () => {
    expect(parseBenchArguments([], 'there')).toEqual({
      type: 'arguments',
      arguments: {
        rounds: 3,
        parts: ['roll', 'controllers', 'late', 'defaults', 'shell', 'gap', 'crash', 'wait', 'bundles'],
        waitMinutes: 3,
        report: 'there',
        port: 22_900,
        addresses: '127.86',
      },
    });
  });

  test('choose rounds and parts', () => {
    const parsed = parseBenchArguments(['--rounds', '5', '--only', 'gap,roll'], 'there');
    expect(parsed).toMatchObject({ type: 'arguments', arguments: { rounds: 5, parts: ['gap', 'roll'] } });
  });

  test.each([
    [['--rounds', '0'], '--rounds is 0: allowed is a whole number from 1 to 20'],
    [['--wait-minutes', '1'], '--wait-minutes is 1: allowed is a whole number from 2 to 30'],
    [['--addresses', '127.255'], '--addresses is 127.255: allowed are 127.1 to 127.254'],
    [['--port', '80'], '--port is 80: allowed is a whole number from 1024 to 65534'],
    [
      ['--only', 'roll,sleep'],
      '--only sleep: there are roll, controllers, late, defaults, shell, gap, crash, wait, bundles',
    ],
    [['--fast'], "Unknown option '--fast'"],
  ])('%j are refused', (argv, message) => {
    expect(parseBenchArguments(argv, 'there')).toMatchObject({
      type: 'refused',
      message: expect.stringContaining(message),
    });
  });
});

test('the sides of a round come in another order in the next', () => {
  expect([1, 2, 3].map(orderOf)).toEqual([
    ['bare', 'warden', 'defaults'],
    ['defaults', 'warden', 'bare'],
    ['bare', 'warden', 'defaults'],
  ]);
});
