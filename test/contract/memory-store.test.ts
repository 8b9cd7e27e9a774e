import { describe } from '@jest/globals';
import { createMemoryStore } from '../support/memory-store.ts';
import { describeChanges } from './changes.contract.ts';
import { describeNodes } from './nodes.contract.ts';
import { describeServices } from './services.contract.ts';
import { describeWaits } from './waits.contract.ts';

describe('the store in memory', () => {
  const store = createMemoryStore();
  describeServices(() => store);
  describeNodes(() => store);
  describeChanges(() => store);
  describeWaits(() => store);
});
