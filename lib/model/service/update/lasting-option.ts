import type { Change, ChangeRule, RefusedChange } from './change-rule.ts';

interface LastingOption {
  readonly pointer: string;
  readonly read: (options: Change['after']) => string | number;
  /** Why it cannot change. */
  readonly reason: string;
  /** What to do instead of leaving it as it is. */
  readonly instead?: string;
  /** Where 2.x has words for it. */
  readonly inSteps?: (from: string | number, to: string | number) => RefusedChange['inSteps'];
}

/** The rule of an option that is decided at install and stays as it is. */
export function lastingOption({ pointer, read, reason, instead, inSteps }: LastingOption): ChangeRule {
  const option = pointer.slice(1).replaceAll('/', '.');
  return {
    lasting: [pointer],
    refuse: ({ before, after }) => {
      const from = read(before);
      const to = read(after);
      if (from === to) return [];
      const message = `${option} cannot change (from ${from} to ${to}): ${reason}`;
      const asItIs = `leave it out, or write ${JSON.stringify(from)}`;
      return [
        {
          ...{ pointer, from, to, message, doing: 'Changing', allowed: String(from) },
          hint: instead === undefined ? asItIs : `${asItIs}; ${instead}`,
          inSteps: inSteps?.(from, to) ?? { field: option, message },
        },
      ];
    },
  };
}
