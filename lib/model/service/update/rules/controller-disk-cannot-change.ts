import { lastingOption } from '../lasting-option.ts';

/** As of brokers. */
export const controllerDiskCannotChange = lastingOption({
  pointer: '/controllers/disk',
  read: ({ controllers }) => controllers.disk,
  reason: 'volumes keep the size that they were made with',
  inSteps: (from, to) => ({
    ...{ field: 'TaskVolumes[taskname:controller]', message: 'Volumes must be equal.' },
    ...{ from: `size: ${from}`, to: `size: ${to}` },
  }),
});
