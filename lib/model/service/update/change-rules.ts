import type { ChangeRule } from './change-rule.ts';
import { brokerDiskCannotChange } from './rules/broker-disk-cannot-change.ts';
import { brokerPortCannotChange } from './rules/broker-port-cannot-change.ts';
import { brokersCannotBecomeFewer } from './rules/brokers-cannot-become-fewer.ts';
import { controllerCountCannotChange } from './rules/controller-count-cannot-change.ts';
import { controllerDiskCannotChange } from './rules/controller-disk-cannot-change.ts';
import { controllerPortCannotChange } from './rules/controller-port-cannot-change.ts';
import { controllersModeCannotChange } from './rules/controllers-mode-cannot-change.ts';
import { diskTypeCannotChange } from './rules/disk-type-cannot-change.ts';
import { nameCannotChange } from './rules/name-cannot-change.ts';
import { oneNodeCannotBecomeMore } from './rules/one-node-cannot-become-more.ts';
import { placementCannotChange } from './rules/placement-cannot-change.ts';

/** All rules over changes of options, in the order of the options document. */
export const changeRules: readonly ChangeRule[] = [
  nameCannotChange,
  placementCannotChange,
  brokersCannotBecomeFewer,
  oneNodeCannotBecomeMore,
  brokerDiskCannotChange,
  diskTypeCannotChange,
  brokerPortCannotChange,
  controllersModeCannotChange,
  controllerCountCannotChange,
  controllerDiskCannotChange,
  controllerPortCannotChange,
];
