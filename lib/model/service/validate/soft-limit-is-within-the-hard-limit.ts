import type { OptionRule } from './option-rule.ts';

/** No process may set itself a limit above its hard limit; docker would not start the container. */
export const softLimitIsWithinTheHardLimit: OptionRule = ({ service }) => {
  const { soft, hard } = service.rlimits.rlimit_nofile;
  if (soft <= hard) return [];
  const pointer = '/service/rlimits/rlimit_nofile';
  return [
    {
      reads: [`${pointer}/soft`, `${pointer}/hard`],
      refusal: {
        pointer: `${pointer}/soft`,
        value: soft,
        message: `the soft limit of open files (${soft}) must not exceed the hard limit (${hard})`,
        allowed: `at most ${hard}`,
        hint: 'lower the soft limit or raise the hard limit',
      },
    },
  ];
};
