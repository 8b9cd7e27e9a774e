import type { Strategy } from './strategy.ts';

/** What a step can be. Names of the 2.x guides. */
export type StepStatus = 'ERROR' | 'DELAYED' | 'PENDING' | 'PREPARED' | 'STARTING' | 'STARTED' | 'COMPLETE';

/** A phase or plan can also be between its steps. */
export type Status = StepStatus | 'WAITING' | 'IN_PROGRESS';

/** Names of the 1.x guides. */
export type BlockStatus = 'Pending' | 'InProgress' | 'Waiting' | 'Complete' | 'Error';

export interface RollUp {
  readonly strategy: Strategy;
  readonly children: readonly Status[];
  readonly errors: readonly string[];
  /** Nothing further begins before an operator continues. */
  readonly isInterrupted?: boolean;
  /** How many of the children, counted from the last, may not begin before an operator continues. */
  readonly heldBack?: number;
}

/**
 * Status of a phase from its steps, or of a plan from its phases: the first rule that matches counts.
 * Candidates are the children that could be worked on next: of a serial parent the first one that is not complete, and
 * none that an operator holds back. Source: PlanUtils.getAggregateStatus of dcos-commons. One rule is ours: a delayed
 * candidate after complete ones delays its parent, where dcos-commons falls through to its ERROR for unexpected states.
 */
export function rollUpStatus({ strategy, children, errors, isInterrupted = false, heldBack = 0 }: RollUp): Status {
  const isOpen = (child: Status): boolean => child !== 'COMPLETE';
  const open = children.filter(isOpen);
  const free = children.slice(0, children.length - heldBack).filter(isOpen);
  // One after another does not say in which order: the active controller lets the others go first.
  const underWay = free.filter((child) => workedOn.includes(child));
  const candidates = isSerial(strategy) ? [...underWay, ...free].slice(0, 1) : free;
  const someComplete = open.length < children.length;
  const can = (status: Status): boolean => candidates.includes(status);

  if (errors.length > 0 || children.includes('ERROR')) return 'ERROR';
  if (open.length === 0) return 'COMPLETE';
  if (isInterrupted) return 'WAITING';
  if (children.every((child) => child === 'DELAYED')) return 'DELAYED';
  if (children.includes('PREPARED')) return 'IN_PROGRESS';
  if (can('WAITING')) return 'WAITING';
  if (can('IN_PROGRESS')) return 'IN_PROGRESS';
  if (someComplete && (can('PENDING') || can('STARTING') || can('STARTED'))) return 'IN_PROGRESS';
  if (can('PENDING')) return 'PENDING';
  if (children.includes('WAITING')) return 'WAITING';
  if (can('STARTING')) return 'STARTING';
  if (can('STARTED')) return 'STARTED';
  return 'DELAYED';
}

const workedOn: readonly Status[] = ['PREPARED', 'STARTING', 'STARTED', 'IN_PROGRESS'];

/** Whether the children are worked on one after another. A canary of two says how it goes on after its second stop. */
function isSerial(strategy: Strategy): boolean {
  return strategy === 'serial' || strategy === 'serial-canary';
}

/** A delayed block is in progress to 1.x clients: it goes on by itself. */
export function blockStatus(status: Status): BlockStatus {
  switch (status) {
    case 'PENDING':
      return 'Pending';
    case 'PREPARED':
    case 'STARTING':
    case 'STARTED':
    case 'IN_PROGRESS':
    case 'DELAYED':
      return 'InProgress';
    case 'WAITING':
      return 'Waiting';
    case 'COMPLETE':
      return 'Complete';
    case 'ERROR':
      return 'Error';
  }
}
