import type { Watch } from './invariant.ts';

/** Acknowledged records stay, one cluster keeps one id, no registration of a live broker is released: what the model of Kafka notices. */
export const kafkaKeepsItsPromises: Watch = ({ kafka }) => ({
  rule: 'I4, I11: Kafka keeps what it promised its users',
  nowAndThen() {
    const [first] = kafka.violations();
    return first === undefined ? undefined : `${first.rule}: ${first.story}`;
  },
});
