import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { describeDynamodb } from './dynamodb.suite.ts';
import { type LocalSubject, startLocalSubject } from './local-subject.ts';

/** The same suite as on the models: what both answer alike is what the simulation may build on. */
describe('the local cloud', () => {
  jest.setTimeout(30_000);
  let subject: LocalSubject;

  beforeAll(async () => {
    subject = await startLocalSubject();
  }, 90_000);

  afterAll(() => subject.remove(), 60_000);

  describeDynamodb(() => subject);
});
