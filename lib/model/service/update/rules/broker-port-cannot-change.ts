import { lastingOption } from '../lasting-option.ts';

/** Clients hold the addresses of brokers, and the port is claimed for the service. */
export const brokerPortCannotChange = lastingOption({
  pointer: '/brokers/port',
  read: ({ brokers }) => brokers.port,
  reason: 'the port is decided at install, and clients know it',
});
