import { describe, expect, test } from '@jest/globals';
import { lastWordsIn } from '../../../../lib/model/broker/last-words.ts';

const kafkaThatExits = [
  '[2026-11-21 12:00:00,001] INFO [BrokerServer id=0] shutting down (kafka.server.BrokerServer)',
  '[2026-11-21 12:00:00,002] ERROR Exiting Kafka due to fatal exception during startup. (kafka.Kafka$)',
  'org.apache.kafka.common.KafkaException: Class com.example.Missing cannot be found',
  '\tat org.apache.kafka.common.config.AbstractConfig.getConfiguredInstance(AbstractConfig.java:417)',
  '    at kafka.Kafka$.main(Kafka.scala:106)',
  'Caused by: java.lang.ClassNotFoundException: com.example.Missing',
  '\tat java.base/java.lang.Class.forName0(Native Method)',
  '\t... 12 more',
  '',
];

describe('the last words of a log', () => {
  test('leave out frames of stack traces and empty lines, and keep the error and its cause', () => {
    expect(lastWordsIn(kafkaThatExits)).toEqual([
      '[2026-11-21 12:00:00,001] INFO [BrokerServer id=0] shutting down (kafka.server.BrokerServer)',
      '[2026-11-21 12:00:00,002] ERROR Exiting Kafka due to fatal exception during startup. (kafka.Kafka$)',
      'org.apache.kafka.common.KafkaException: Class com.example.Missing cannot be found',
      'Caused by: java.lang.ClassNotFoundException: com.example.Missing',
    ]);
  });

  test('are the newest ten lines, newest last', () => {
    const log = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`);
    expect(lastWordsIn(log)).toEqual([
      ...['line 3', 'line 4', 'line 5', 'line 6', 'line 7'],
      ...['line 8', 'line 9', 'line 10', 'line 11', 'line 12'],
    ]);
  });

  test('cut a line at 300 characters, and show that it went on', () => {
    const [line = ''] = lastWordsIn(['x'.repeat(301)]);
    expect(line).toBe(`${'x'.repeat(299)}…`);
    expect(lastWordsIn(['x'.repeat(300)])).toEqual(['x'.repeat(300)]);
  });

  test('are 1,500 characters in all at most', () => {
    const five = Array.from({ length: 5 }, () => 'y'.repeat(300));
    expect(lastWordsIn(['one more', ...five])).toEqual(five);
    expect(lastWordsIn(['z'.repeat(299), 'b', ...five.slice(1)])).toEqual(['z'.repeat(299), 'b', ...five.slice(1)]);
  });

  test('of an empty log are none', () => {
    expect(lastWordsIn([])).toEqual([]);
  });
});
