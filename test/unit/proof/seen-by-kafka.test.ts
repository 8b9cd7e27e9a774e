import { expect, test } from '@jest/globals';
import { checkValues, readProperties } from '../../../scripts/proof/rolls/seen-by-kafka.ts';

const shown = (rebalance: number, purge: number) => `All configs for broker 0 are:
  advertised.listeners=PLAINTEXT://127.84.1.1:9092 sensitive=false synonyms={STATIC_BROKER_CONFIG:advertised.listeners=PLAINTEXT://127.84.1.1:9092}
  fetch.purgatory.purge.interval.requests=${purge} sensitive=false synonyms={STATIC_BROKER_CONFIG:fetch.purgatory.purge.interval.requests=${purge}, DEFAULT_CONFIG:fetch.purgatory.purge.interval.requests=1000}
  group.initial.rebalance.delay.ms=${rebalance} sensitive=false synonyms={STATIC_BROKER_CONFIG:group.initial.rebalance.delay.ms=${rebalance}}
  sasl.jaas.config=null sensitive=true synonyms={}
`;

test('the properties of a broker are read from what kafka-configs.sh prints', () => {
  const properties = readProperties(shown(2345, 1007));
  expect(properties.get('group.initial.rebalance.delay.ms')).toBe('2345');
  expect(properties.get('fetch.purgatory.purge.interval.requests')).toBe('1007');
  expect(properties.size).toBe(4);
});

/** Both values were asked for; `target` and `broker` are what Warden and a broker hold. */
async function claims(
  target: Readonly<Record<string, unknown>>,
  broker: readonly [rebalance: number, purge: number],
): Promise<readonly boolean[]> {
  const holds: boolean[] = [];
  await checkValues(
    {
      cluster: { kafkaTool: async () => shown(...broker) },
      service: { bootstrap: async () => '127.84.1.1:9092', kafkaOptions: async () => target },
      findings: { check: (_claim: string, isTrue: boolean) => void holds.push(isTrue) },
    } as unknown as Parameters<typeof checkValues>[0],
    { group_initial_rebalance_delay_ms: 2345, fetch_purgatory_purge_interval_requests: 1007 },
    [0],
  );
  return holds;
}

test.each([
  ['both are kept', 2345, 1007, [true, true]],
  ['the first was lost', 3000, 1007, [false, false]],
  ['the second was lost', 2345, 1000, [false, false]],
])('of two updates: %s', async (_what, rebalance, purge, expected) => {
  const target = {
    group_initial_rebalance_delay_ms: rebalance,
    fetch_purgatory_purge_interval_requests: purge,
  };
  expect(await claims(target, [rebalance, purge])).toEqual(expected);
});

test('a broker that did not take what the target has is seen', async () => {
  const target = { group_initial_rebalance_delay_ms: 2345, fetch_purgatory_purge_interval_requests: 1007 };
  expect(await claims(target, [2345, 1000])).toEqual([true, false]);
});

test('a target without one of the values is seen', async () => {
  expect(await claims({ group_initial_rebalance_delay_ms: 2345 }, [2345, 1007])).toEqual([false, true]);
});
