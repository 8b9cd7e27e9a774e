import { expect, test } from '@jest/globals';
import { configDifferences } from '../../../../lib/model/plan/config-difference.ts';
import { config } from './a-config.ts';

test('two equal configs differ in nothing, whatever their ids', () => {
  expect(configDifferences(config({}, '4.3.1', 'config-1'), config({}, '4.3.1', 'config-2'))).toEqual([]);
});

test('every option that differs is named by its pointer, sorted, with both values', () => {
  const before = config({ kafka: { num_partitions: 3, log_retention_hours: 24 }, brokers: { count: 3 } }, '4.1.2');
  const after = config({
    kafka: { num_partitions: '6', num_io_threads: 9 },
    brokers: { count: 4, heap: { size: 600 } },
  });
  expect(configDifferences(before, after)).toEqual([
    { pointer: '/brokers/count', before: 3, after: 4 },
    { pointer: '/brokers/heap/size', before: 512, after: 600 },
    { pointer: '/kafka/log_retention_hours', before: 24 },
    { pointer: '/kafka/num_io_threads', after: 9 },
    { pointer: '/kafka/num_partitions', before: 3, after: 6 },
    { pointer: '/packageVersion', before: '1.0.0-4.1.2', after: '1.0.0-4.3.1' },
  ]);
});

test('a default that is given explicitly is a difference of what was written', () => {
  expect(configDifferences(config(), config({ kafka: { num_io_threads: 8 } }))).toEqual([
    { pointer: '/kafka/num_io_threads', after: 8 },
  ]);
});

test('names that a pointer has marks for are escaped', () => {
  const plain = config();
  const odd = { ...plain, options: { ...plain.options, kafka: { 'a/b~c': 1 } } };
  expect(configDifferences(plain, odd)).toEqual([{ pointer: '/kafka/a~1b~0c', after: 1 }]);
});
