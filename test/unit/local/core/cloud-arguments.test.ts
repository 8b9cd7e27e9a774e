import { describe, expect, test } from '@jest/globals';
import { readCloudArguments } from '../../../../local/core/cloud-arguments.ts';

describe('the arguments of the local cloud', () => {
  test('have defaults for all but the data folder', () => {
    expect(readCloudArguments(['--data', 'd'])).toEqual({
      dataFolder: 'd',
      port: 4566,
      apiPort: 4567,
      addressPrefix: '127.0',
      region: 'us-east-1',
      delays: { callMs: 0, eventMs: 0 },
    });
  });

  test('say how late functions and events are', () => {
    const argv = ['--data', 'd', '--call-latency-ms', '40', '--event-delay-ms', '500'];
    expect(readCloudArguments(argv).delays).toEqual({ callMs: 40, eventMs: 500 });
  });

  test.each([
    [[], '--data <folder> is missing'],
    [['--data', 'd', '--port', '70000'], '--port is 70000; allowed are whole numbers from 1 to 65535'],
    [['--data', 'd', '--address-prefix', '10.0'], '--address-prefix is 10.0; allowed are 127.0 to 127.255'],
    [['--data', 'd', '--api-port', '1.5'], '--api-port is 1.5'],
    [['--data', 'd', '--region', 'mars'], '--region is mars'],
    [
      ['--data', 'd', '--call-latency-ms', '1.5'],
      '--call-latency-ms is 1.5; allowed are whole numbers from 0 to 60000',
    ],
    [['--data', 'd', '--event-delay-ms', '70000'], '--event-delay-ms is 70000; allowed are whole numbers'],
    [['--data', 'd', '--nonsense', 'x'], "Unknown option '--nonsense'"],
  ])('%j are refused', (argv, message) => {
    expect(() => readCloudArguments(argv)).toThrow(message);
  });
});
