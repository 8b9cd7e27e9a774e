import type { Chapter } from '../../rolls/story.ts';
import { chaseLeader } from './chase-leader.ts';
import { crashLoop } from './crash-loop.ts';
import { discard } from './discard.ts';
import { events } from './events.ts';
import { failover } from './failover.ts';
import { hibernate } from './hibernate.ts';
import { hostSilent } from './host-silent.ts';
import { hostTerminated } from './host-terminated.ts';
import { hung } from './hung.ts';
import { killBroker } from './kill-broker.ts';
import { killControllers } from './kill-controllers.ts';
import { olderTable } from './older-table.ts';
import { pauseAndRestart } from './pause-and-restart.ts';
import { replace } from './replace.ts';
import { unproven } from './unproven.ts';
import { zoneGone } from './zone-gone.ts';

/** In the order in which they are told. */
export const chapters: readonly Chapter[] = [
  killBroker,
  chaseLeader,
  killControllers,
  failover,
  hung,
  unproven,
  events,
  crashLoop,
  olderTable,
  hostTerminated,
  pauseAndRestart,
  hostSilent,
  replace,
  discard,
  hibernate,
  // Its nodes stay where they went: others count on a broker and a controller in each zone.
  zoneGone,
];
