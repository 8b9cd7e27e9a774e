import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRoute53Names } from '../../../lib/aws/route53-names.ts';
import type { Names } from '../../../lib/ports/names.ts';
import { type SmallCloud, startSmallCloud } from '../local/route53/small-cloud.ts';

/** The adapter over the wire, on an endpoint that checks requests and answers by the SDK's own schemas. */
let small: SmallCloud;
let names: Names;
let hostedZoneId: string;

beforeAll(async () => {
  small = await startSmallCloud(21_374);
  const VPC = { VPCId: await small.newVpc(), VPCRegion: 'us-east-1' as const };
  const made = await small.client.send(
    new CreateHostedZoneCommand({ Name: 'kafka.internal', CallerReference: 'one', VPC }),
  );
  hostedZoneId = (made.HostedZone?.Id ?? '').replace('/hostedzone/', '');
  names = createRoute53Names({ zone: 'kafka.internal', hostedZoneId, client: small.client });
}, 30_000);
afterAll(() => small.close());

const record = (name: string, ...addresses: string[]) => ({ name, addresses, ttlSeconds: 10 });

describe('names on Route 53', () => {
  test('are published again and again, listed below their domain alone, and removed', async () => {
    const own = [record('b0.kafka.kafka.internal', '10.0.0.1'), record('b1.kafka.kafka.internal', '10.0.0.2')];
    const other = record('b0.kafka-dev.kafka.internal', '10.0.0.3');
    await names.publish([...own, other]);
    await names.publish(own);
    expect(await names.list('kafka.kafka.internal')).toEqual(own);
    await names.remove(own);
    expect(await names.list('kafka.kafka.internal')).toEqual([]);
    expect(await names.list('kafka-dev.kafka.internal')).toEqual([other]);
    await names.remove([]);
  });

  test('take the place of what a name stood for before', async () => {
    await names.publish([record('b0.moved.kafka.internal', '10.0.0.1')]);
    await names.publish([record('b0.moved.kafka.internal', '10.0.0.9', '10.0.0.8')]);
    expect(await names.list('moved.kafka.internal')).toEqual([
      record('b0.moved.kafka.internal', '10.0.0.8', '10.0.0.9'),
    ]);
  });

  test('are on their way until every resolver has them', async () => {
    const changeId = await names.publish([record('b0.late.kafka.internal', '10.0.0.1')]);
    expect(await names.change(changeId)).toBe('on its way');
    while ((await names.change(changeId)) === 'on its way');
    expect(await names.change(changeId)).toBe('everywhere');
    expect(await names.change('/change/C0')).toBe('unknown');
  });

  test('of many nodes travel in several batches and are listed over several pages', async () => {
    const many = Array.from({ length: 1_010 }, (_, index) =>
      record(`b${index}.many.kafka.internal`, `10.0.${index >> 8}.${index & 255}`),
    );
    await names.publish(many);
    const found = await names.list('many.kafka.internal');
    expect(found.length).toBe(1_010);
    await names.remove(found);
    expect(await names.list('many.kafka.internal')).toEqual([]);
  });

  test('of other types are not listed, so never removed', async () => {
    const text = {
      Name: 'www.mixed.kafka.internal',
      Type: 'TXT' as const,
      TTL: 60,
      ResourceRecords: [{ Value: '"hi"' }],
    };
    const Changes = [{ Action: 'UPSERT' as const, ResourceRecordSet: text }];
    await small.client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: hostedZoneId, ChangeBatch: { Changes } }),
    );
    expect(await names.list('mixed.kafka.internal')).toEqual([]);
  });

  test('are refused by Route 53 with what was asked and what it answered, not to be tried the same way again', async () => {
    await expect(names.publish([record('b0.other.zone', '10.0.0.1')])).rejects.toMatchObject({
      name: 'NamesError',
      retriable: false,
      message:
        'publish b0.other.zone: InvalidChangeBatch: [RRSet with DNS name b0.other.zone. is not permitted in zone kafka.internal.]',
    });
    await expect(names.remove([record('b9.kafka.kafka.internal', '10.0.0.1')])).rejects.toMatchObject({
      name: 'NamesError',
    });
  });

  test.each(['Throttling', 'PriorRequestNotComplete'])(
    'that Route 53 answers with %s may be tried again',
    async (name) => {
      const refusing = Object.assign(Object.create(small.client), {
        send: async () => {
          throw Object.assign(new Error('later'), { name, $metadata: { httpStatusCode: 400 } });
        },
      });
      const port = createRoute53Names({ zone: 'kafka.internal', hostedZoneId, client: refusing });
      await expect(port.list('kafka.kafka.internal')).rejects.toMatchObject({ name: 'NamesError', retriable: true });
    },
  );
});
