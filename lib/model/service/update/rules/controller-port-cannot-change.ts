import { lastingOption } from '../lasting-option.ts';

/** The quorum is found at the ports that were stored before its first controller started. */
export const controllerPortCannotChange = lastingOption({
  pointer: '/controllers/port',
  read: ({ controllers }) => controllers.port,
  reason: 'the port is decided at install, and all nodes find the quorum there',
});
