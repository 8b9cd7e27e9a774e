import { describe } from '@jest/globals';
import { describeDynamodb } from './dynamodb.suite.ts';
import { createModelSubject } from './model-subject.ts';

describe('the models', () => {
  const subject = createModelSubject();
  describeDynamodb(() => subject);
});
