import { lastingOption } from '../lasting-option.ts';

/** Source: DC/OS Kafka guide 1.x, updating a service; the message is TaskVolumesCannotChange's of dcos-commons. */
export const brokerDiskCannotChange = lastingOption({
  pointer: '/brokers/disk',
  read: ({ brokers }) => brokers.disk,
  reason: 'volumes keep the size that they were made with',
  inSteps: (from, to) => ({
    ...{ field: 'TaskVolumes[taskname:broker]', message: 'Volumes must be equal.' },
    ...{ from: `size: ${from}`, to: `size: ${to}` },
  }),
});
