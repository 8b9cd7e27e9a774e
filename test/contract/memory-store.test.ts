import { describe } from '@jest/globals';
import { createMemoryStore } from '../support/memory-store.ts';
import { describeStore } from './store.contract.ts';

describe('the store in memory', () => {
  const store = createMemoryStore();
  describeStore(() => store);
});
