import { lastingOption } from '../lasting-option.ts';

/** A broker that is its own controller holds the only copy of the metadata. */
export const controllersModeCannotChange = lastingOption({
  pointer: '/controllers/mode',
  read: ({ controllers }) => controllers.mode,
  reason: 'where the metadata is kept is decided at install',
  instead: 'install another service for another mode',
});
