import type { OptionRule } from './option-rule.ts';

/** Brokers and controllers share hosts, so one port cannot serve both. */
export const portsDiffer: OptionRule = ({ brokers, controllers }) =>
  brokers.port === 0 || brokers.port !== controllers.port
    ? []
    : [
        {
          reads: ['/brokers/port', '/controllers/port'],
          refusal: {
            pointer: '/controllers/port',
            value: controllers.port,
            message: `controllers.port must differ from brokers.port (${brokers.port}): they share hosts`,
            allowed: 'a port of its own',
            hint: 'set controllers.port to 0 to take the lowest free port',
          },
        },
      ];
