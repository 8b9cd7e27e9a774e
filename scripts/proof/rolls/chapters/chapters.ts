import type { Chapter } from '../story.ts';
import { badConfig } from './bad-config.ts';
import { dynamic } from './dynamic.ts';
import { interrupt } from './interrupt.ts';
import { killedBroker } from './killed-broker.ts';
import { killedCloud } from './killed-cloud.ts';
import { oneNode } from './one-node.ts';
import { preview } from './preview.ts';
import { roll } from './roll.ts';
import { stage } from './stage.ts';
import { throttled } from './throttled.ts';
import { updatesAtOnce } from './updates-at-once.ts';

/** In the order in which they are told. */
export const chapters: readonly Chapter[] = [
  killedBroker,
  roll,
  dynamic,
  stage,
  interrupt,
  badConfig,
  killedCloud,
  throttled,
  oneNode,
  updatesAtOnce,
  preview,
];
