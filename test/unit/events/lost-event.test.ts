import { describe, expect, test } from '@jest/globals';
import { lostEvent } from '../../../functions/events/lost-event.ts';

const event = { 'detail-type': 'ECS Task State Change', source: 'aws.ecs', detail: { taskArn: 'arn:t' } };

describe('a letter of lost events', () => {
  test('is the event itself where EventBridge could not deliver it', () => {
    expect(lostEvent('undelivered', JSON.stringify(event))).toEqual(event);
  });

  test("has the event in Lambda's record where the function failed on it", () => {
    const record = { version: '1.0', requestContext: { condition: 'RetriesExhausted' }, requestPayload: event };
    expect(lostEvent('failed', JSON.stringify(record))).toEqual(event);
  });

  test('is no event for the start of a sweep, which whoever reads it is', () => {
    const body = JSON.stringify({ 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} });
    expect(lostEvent('undelivered', body)).toBeUndefined();
    expect(lostEvent('undelivered', '{"v":1}')).toBeUndefined();
  });

  test.each([
    ['undelivered', 'what is this'],
    ['undelivered', '{}'],
    ['undelivered', 'null'],
    ['undelivered', '{"detail-type":"Health of somebody else"}'],
    ['failed', JSON.stringify(event)],
  ] as const)('of queue %s that says %s is refused by name', (holds, body) => {
    expect(() => lostEvent(holds, body)).toThrow(expect.objectContaining({ name: 'UnreadableLetter' }));
  });
});
