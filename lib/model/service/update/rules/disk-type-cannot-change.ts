import { lastingOption } from '../lasting-option.ts';

/** Source: DC/OS Kafka guide 1.x, disk type; the message is TaskVolumesCannotChange's of dcos-commons. */
export const diskTypeCannotChange = lastingOption({
  pointer: '/brokers/disk_type',
  read: ({ brokers }) => brokers.disk_type,
  reason: 'it is chosen at install',
  inSteps: (from, to) => ({
    ...{ field: 'TaskVolumes[taskname:broker]', message: 'Volumes must be equal.' },
    ...{ from: `type: ${from}`, to: `type: ${to}` },
  }),
});
