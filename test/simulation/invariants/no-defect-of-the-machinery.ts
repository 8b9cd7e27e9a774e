import type { Watch } from './invariant.ts';

/** The interpreter and the bus neither break nor meet what they do not know. */
export const noDefectOfTheMachinery: Watch = ({ stepFunctions, lambda }) => ({
  rule: 'the machines run as their definitions say',
  nowAndThen: () => stepFunctions.defects[0] ?? lambda.failures.find(({ error }) => error.startsWith('defect'))?.error,
});
