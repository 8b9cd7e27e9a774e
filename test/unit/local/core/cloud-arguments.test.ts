import { describe, expect, test } from '@jest/globals';
import { readCloudArguments } from '../../../../local/core/cloud-arguments.ts';

describe('the arguments of the local cloud', () => {
  test('have defaults for all but the data folder', () => {
    expect(readCloudArguments(['--data', 'd'])).toEqual({
      dataFolder: 'd',
      port: 4566,
      apiPort: 4567,
      zones: 3,
      hostsPerZone: 1,
      region: 'us-east-1',
    });
  });

  test.each([
    [[], '--data <folder> is missing'],
    [['--data', 'd', '--port', '70000'], '--port is 70000; allowed are whole numbers from 1 to 65535'],
    [['--data', 'd', '--zones', '0'], '--zones is 0; allowed are whole numbers from 1 to 6'],
    [['--data', 'd', '--hosts-per-zone', '1.5'], '--hosts-per-zone is 1.5'],
    [['--data', 'd', '--region', 'mars'], '--region is mars'],
    [['--data', 'd', '--nonsense', 'x'], "Unknown option '--nonsense'"],
  ])('%j are refused', (argv, message) => {
    expect(() => readCloudArguments(argv)).toThrow(message);
  });
});
