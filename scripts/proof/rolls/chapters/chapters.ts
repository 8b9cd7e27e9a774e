import type { Chapter } from '../story.ts';
import { dynamic } from './dynamic.ts';
import { killedBroker } from './killed-broker.ts';
import { roll } from './roll.ts';

/** In the order in which they are told. */
export const chapters: readonly Chapter[] = [killedBroker, roll, dynamic];
