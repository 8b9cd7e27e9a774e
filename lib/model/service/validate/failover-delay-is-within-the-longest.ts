import { durationSeconds } from '../duration.ts';
import type { OptionRule } from './option-rule.ts';

/** The delay begins below what it doubles up to. */
export const failoverDelayIsWithinTheLongest: OptionRule = (options) =>
  (['brokers', 'controllers'] as const).flatMap((section) => {
    const { failover_delay: delay, failover_max_delay: longest } = options[section];
    if ((durationSeconds(delay) ?? 0) <= (durationSeconds(longest) ?? 0)) return [];
    return [
      {
        reads: [`/${section}/failover_delay`, `/${section}/failover_max_delay`],
        refusal: {
          pointer: `/${section}/failover_max_delay`,
          value: longest,
          message: `the longest failover delay (${longest}) must not be shorter than the failover delay (${delay})`,
          allowed: `from ${delay}`,
          hint: `raise ${section}.failover_max_delay or shorten ${section}.failover_delay`,
        },
      },
    ];
  });
