import { describe, expect, test } from '@jest/globals';
import { COMMANDS } from '../../../../local/chaos/client/commands.ts';
import { parseCommand } from '../../../../local/chaos/client/parse-command.ts';

const TASK = 'arn:aws:ecs:us-east-1:000000000000:task/main/0123456789abcdef0123456789abcdef';

describe('a command line', () => {
  test.each([
    ['events set --delay 30s', 'events/set', { minDelayMs: 30_000, maxDelayMs: 30_000 }],
    ['events set --delay 500ms..1.5m', 'events/set', { minDelayMs: 500, maxDelayMs: 90_000 }],
    ['events set --duplicate 1 --drop 20% --seed 9', 'events/set', { duplicate: 1, drop: 0.2, seed: 9 }],
    ['events set --shuffle 1h', 'events/set', { shuffleMs: 3_600_000 }],
    ['events off', 'events/off', {}],
    ['throttle on', 'throttle/on', {}],
    [
      'throttle set ecs RunTask --burst 2 --rate 0.5',
      'throttle/set',
      { service: 'ecs', operation: 'RunTask', burst: 2, ratePerSecond: 0.5 },
    ],
    [`task kill ${TASK}`, 'task/kill', { task: TASK }],
    [`task kill ${TASK} --signal TERM --program java`, 'task/kill', { task: TASK, signal: 'TERM', program: 'java' }],
    [`task pause --container main ${TASK}`, 'task/pause', { task: TASK, container: 'main' }],
    ['agent kill i-1 --for-good', 'agent/kill', { host: 'i-1', forGood: true }],
    ['agent disconnect i-1 --for 2m', 'agent/disconnect', { host: 'i-1', seconds: 120 }],
    ['host terminate i-1 --skip-shutdown', 'host/terminate', { host: 'i-1', skipShutdown: true }],
    ['host spot-notice i-1 --after 5s', 'host/spot-notice', { host: 'i-1', seconds: 5 }],
    ['off', 'off', {}],
  ])('%s asks for %s', (line, path, input) => {
    expect(parseCommand(['chaos', ...line.split(' ')])).toEqual({ type: 'verb', path, input });
  });

  test('names a kind of events as AWS does', () => {
    const argv = [
      'chaos',
      'events',
      'off',
      '--detail-type',
      'ECS Task State Change',
      '--endpoint',
      'http://127.0.0.1:1',
    ];
    expect(parseCommand(argv)).toEqual({
      ...{ type: 'verb', path: 'events/off', endpoint: 'http://127.0.0.1:1' },
      input: { detailType: 'ECS Task State Change' },
    });
  });

  test('asks what is disturbed', () => {
    expect(parseCommand(['chaos', 'status'])).toEqual({ type: 'status' });
  });

  test.each([
    ['', 'Usage: warden-local chaos <command>'],
    ['--help', 'Usage: warden-local chaos <command>'],
    ['chaos', 'Usage: warden-local chaos <command>'],
    ['chaos -h', 'Usage: warden-local chaos <command>'],
    ['chaos task kill --help', 'Usage: warden-local chaos task kill <task> [options]'],
  ])('"%s" gets help', (line, begin) => {
    const wish = parseCommand(line.split(' ').filter((word) => word !== ''));
    expect(wish).toMatchObject({ type: 'help', text: expect.stringContaining(begin) });
  });

  test('gets help that names every command', () => {
    const wish = parseCommand([]);
    for (const { words } of COMMANDS) expect(wish).toMatchObject({ text: expect.stringContaining(words.join(' ')) });
  });

  test.each([
    ['mayhem', 'There is no command mayhem; allowed is: chaos'],
    [
      'chaos monkey',
      'There is no command chaos monkey; allowed are: status, off, events, throttle, task, agent, image, host',
    ],
    ['chaos task eat x', 'There is no command chaos task eat; allowed are: kill, pause, resume'],
    ['chaos --sideways', 'The command is missing'],
    ['chaos task kill', '0 operands are given (none); allowed is: chaos task kill <task>'],
    ['chaos task kill a b', '2 operands are given (a b); allowed is: chaos task kill <task>'],
    ['chaos task kill a --sideways', "Unknown option '--sideways'"],
    ['chaos events set --delay 30', '--delay is 30; allowed is a number with a unit: 500ms, 30s, 2m, 1h'],
    ['chaos events set --delay 5s..1s', '--delay is 5s..1s; allowed is one time or <from>..<to>, the longer one last'],
    ['chaos events set --drop 120%', '--drop is 120%; allowed is a share from 0 to 1, or from 0% to 100%'],
    ['chaos events set --drop x', '--drop is x; allowed is a share'],
    ['chaos throttle set ecs RunTask --burst -1', '--burst'],
  ])('"%s" is refused', (line, message) => {
    expect(() => parseCommand(line.split(' '))).toThrow(message);
  });
});
