import { lastingOption } from '../lasting-option.ts';

/**
 * Everything of a service carries its name: nodes, addresses, volumes, records.
 * Source: DC/OS Kafka guide 1.x, service name; the sentence is that of `dcos … update start` of 2.x.
 */
export const nameCannotChange = lastingOption({
  pointer: '/service/name',
  read: ({ service }) => service.name,
  reason: 'the addresses and volumes of its nodes carry it',
  instead: 'install another service for another name',
  inSteps: (from, to) => ({
    field: 'service.name',
    message: `Could not update service name from "${from}" to "${to}".`,
  }),
});
