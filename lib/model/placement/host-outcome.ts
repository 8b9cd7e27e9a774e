/** What one rule says of one host, for people too: the subject of each explanation is the host. */
export interface RuleOutcome {
  readonly rule: RuleName;
  readonly outcome: 'pass' | 'fail';
  readonly explanation: string;
}

export type RuleName =
  | 'registered'
  | 'active'
  | 'agent'
  | 'zone'
  | 'constraint'
  | 'cpu'
  | 'memory'
  | 'ports'
  | 'volumes';

/** One host and what the rules say of it; it can take a node when every rule passes. */
export interface HostOutcome {
  readonly instanceId: string;
  readonly zone: string;
  readonly rules: readonly RuleOutcome[];
}

export function outcomeOf(rule: RuleName, passes: boolean, explanation: string): RuleOutcome {
  return { rule, outcome: passes ? 'pass' : 'fail', explanation };
}

export function failedRules({ rules }: HostOutcome): readonly RuleOutcome[] {
  return rules.filter(({ outcome }) => outcome === 'fail');
}

/** Hosts that are kept with all their rules; of others the first failed rule is enough. */
const hostsInFull = 10;
const hostsKept = 100;

/**
 * What is kept of the outcome of many hosts: those that nearly fit come first and in full. At most about 25 kB, which
 * is written with each wait.
 */
export function boundedOutcomes(outcomes: readonly HostOutcome[]): readonly HostOutcome[] {
  return outcomes
    .toSorted(
      (left, right) =>
        failedRules(left).length - failedRules(right).length || left.instanceId.localeCompare(right.instanceId),
    )
    .slice(0, hostsKept)
    .map((host, index) => (index < hostsInFull ? host : { ...host, rules: failedRules(host).slice(0, 1) }));
}
