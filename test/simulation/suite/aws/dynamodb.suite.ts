import {
  DeleteCommand,
  GetCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { type AwsSubject, freshName } from './aws-subject.ts';
import { dynamodbSteps } from './dynamodb-steps.ts';

/** DynamoDB behind the document client. Each case has a partition of its own. */
export function describeDynamodb(open: () => AwsSubject): void {
  const { put, get, remove, query, TableName, absent } = dynamodbSteps(open);

  describe('an item of DynamoDB', () => {
    test('is read as it was written, without what was undefined', async () => {
      const key = { pk: freshName('item'), sk: 'a' };
      expect(await get(key)).toBeUndefined();
      const values = {
        ...{ text: 'ä', empty: '', number: -1.5, zero: 0, yes: true, none: null, list: [1, 'two', [null]] },
        ...{ map: { inner: { deep: 1 } }, numbers: new Set([1, 2]), words: new Set(['b']), bytes: new Uint8Array([7]) },
      };
      await put({ ...key, ...values, gone: undefined, nested: { gone: undefined, kept: 1 }, holes: [1, undefined, 2] });
      expect(await get(key)).toEqual({ ...key, ...values, nested: { kept: 1 }, holes: [1, 2] });
    });

    test('shares nothing with what was written nor with what was read', async () => {
      const item = { pk: freshName('item'), sk: 'a', list: [1], map: { one: 1 } };
      await put(item);
      item.list.push(2);
      const { list, map } = (await get({ pk: item.pk, sk: 'a' })) ?? {};
      // Some subjects do not let what they answered be changed at all.
      Reflect.set(list, 1, 3);
      Reflect.set(map, 'one', 3);
      expect(await get({ pk: item.pk, sk: 'a' })).toEqual({ pk: item.pk, sk: 'a', list: [1], map: { one: 1 } });
    });

    test('is replaced as a whole, and deleted as often as one likes', async () => {
      const key = { pk: freshName('item'), sk: 'a' };
      await put({ ...key, one: 1 });
      await put({ ...key, two: 2 });
      expect(await get(key)).toEqual({ ...key, two: 2 });
      await remove(key);
      await remove(key);
      expect(await get(key)).toBeUndefined();
    });

    test('has 400 KB at most, names included', async () => {
      const pk = freshName('large');
      const fits = 400 * 1024 - ('pk'.length + pk.length + 'sk'.length + 'a'.length + 'text'.length);
      await put({ pk, sk: 'a', text: 'x'.repeat(fits) });
      await expect(put({ pk, sk: 'a', text: 'x'.repeat(fits + 1) })).rejects.toMatchObject({
        name: 'ValidationException',
      });
      expect((await get({ pk, sk: 'a' }))?.['text']).toHaveLength(fits);
    });

    test.each([
      ['a date', { when: new Date(0) }, /Unsupported type passed/],
      ['a number beyond those that are exact', { number: 2 ** 53 }, /greater than Number.MAX_SAFE_INTEGER/],
      ['no number', { number: Number.NaN }, /not allowed/],
    ])('cannot hold %s', async (_what, more, message) => {
      await expect(put({ pk: freshName('odd'), sk: 'a', ...more })).rejects.toThrow(message);
    });
  });

  describe('a key of DynamoDB', () => {
    test.each([
      ['lacks the sort key', { pk: 'p' }],
      ['has one attribute too many', { pk: 'p', sk: 's', other: 1 }],
      ['is a number', { pk: 'p', sk: 1 }],
      ['is empty', { pk: 'p', sk: '' }],
    ])('is refused to be read when it %s', async (_what, key) => {
      await expect(get(key)).rejects.toMatchObject({ name: 'ValidationException' });
    });

    test.each([
      ['lacks the sort key', { pk: 'p' }],
      ['is a number', { pk: 'p', sk: 1 }],
      ['is empty', { pk: 'p', sk: '' }],
    ])('is refused to be written when it %s', async (_what, item) => {
      await expect(put(item)).rejects.toMatchObject({ name: 'ValidationException' });
    });

    test('is of a table that is there', async () => {
      const lost = new GetCommand({ TableName: 'Elsewhere', Key: { pk: 'p', sk: 's' } });
      await expect(open().dynamodb.send(lost)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });
  });

  describe('a condition of DynamoDB', () => {
    const stored = { count: 5, holder: 'b', released: false, parts: [1, { x: 2 }], hollow: null };

    /** Whether a Put over the stored item is let through. */
    async function holds(expression: string, more: Partial<PutCommandInput>): Promise<boolean> {
      const key = { pk: freshName('condition'), sk: 'a' };
      await put({ ...key, ...stored });
      try {
        await put({ ...key, written: true }, { ConditionExpression: expression, ...more });
      } catch (error) {
        expect(error).toMatchObject({ name: 'ConditionalCheckFailedException' });
        expect(await get(key)).toEqual({ ...key, ...stored });
        return false;
      }
      expect(await get(key)).toEqual({ ...key, written: true });
      return true;
    }

    test.each([
      ['attribute_exists(pk)', {}, true],
      ['attribute_exists(nothing)', {}, false],
      ['attribute_exists(hollow)', {}, true],
      ['attribute_not_exists(nothing)', {}, true],
      ['attribute_not_exists(pk)', {}, false],
      ['holder = :v', { ':v': 'b' }, true],
      ['holder = :v', { ':v': 'c' }, false],
      ['#count = :v', { ':v': '5' }, false],
      ['released = :v', { ':v': false }, true],
      ['parts = :v', { ':v': [1, { x: 2 }] }, true],
      ['parts = :v', { ':v': [{ x: 2 }, 1] }, false],
      ['hollow = :v', { ':v': null }, true],
      ['nothing = :v', { ':v': 1 }, false],
      ['nothing <> :v', { ':v': 1 }, true],
      ['#count <> :v', { ':v': 5 }, false],
      ['#count < :v', { ':v': 6 }, true],
      ['#count < :v', { ':v': 5 }, false],
      ['#count <= :v', { ':v': 5 }, true],
      ['#count > :v', { ':v': 4 }, true],
      ['#count >= :v', { ':v': 6 }, false],
      ['holder > :v', { ':v': 'a' }, true],
      ['holder < :v', { ':v': 'B' }, false],
      ['#count < :v', { ':v': 'a text' }, false],
      ['nothing < :v', { ':v': 1 }, false],
      ['NOT nothing < :v', { ':v': 1 }, true],
      ['not attribute_exists(pk)', {}, false],
      ['attribute_not_exists(pk) OR holder = :v', { ':v': 'b' }, true],
      ['attribute_exists(pk) AND holder = :v', { ':v': 'c' }, false],
      ['attribute_exists(pk) OR holder = :v AND released = :r', { ':v': 'c', ':r': true }, true],
      ['(attribute_exists(pk) OR holder = :v) AND released = :r', { ':v': 'c', ':r': true }, false],
      ['NOT (holder = :v or attribute_not_exists(pk))', { ':v': 'c' }, true],
      [':v = holder', { ':v': 'b' }, true],
    ])('%s with %j is %s for the stored item', async (expression, values, expected) => {
      const names = expression.includes('#count') ? { ExpressionAttributeNames: { '#count': 'count' } } : {};
      const given = Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values };
      expect(await holds(expression, { ...names, ...given })).toBe(expected);
    });

    test('sees nothing where no item is', async () => {
      const key = { pk: freshName('condition'), sk: 'a' };
      const isHolder = { ConditionExpression: 'holder = :v', ExpressionAttributeValues: { ':v': 'b' } };
      await expect(put(key, isHolder)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
      await put(key, { ConditionExpression: absent });
      await expect(put(key, { ConditionExpression: absent })).rejects.toMatchObject({
        name: 'ConditionalCheckFailedException',
      });
    });

    test('guards a deletion too', async () => {
      const key = { pk: freshName('condition'), sk: 'a' };
      await put({ ...key, holder: 'b' });
      const guarded = (value: string) =>
        new DeleteCommand({
          ...{ TableName: TableName(), Key: key },
          ...{ ConditionExpression: 'holder = :v', ExpressionAttributeValues: { ':v': value } },
        });
      await expect(open().dynamodb.send(guarded('c'))).rejects.toMatchObject({
        name: 'ConditionalCheckFailedException',
      });
      expect(await get(key)).toBeDefined();
      await open().dynamodb.send(guarded('b'));
      expect(await get(key)).toBeUndefined();
    });

    test.each([
      ['names a value that is not given', { ConditionExpression: 'holder = :v' }],
      ['leaves a value unused', { ConditionExpression: absent, ExpressionAttributeValues: { ':v': 1 } }],
      ['leaves a name unused', { ConditionExpression: absent, ExpressionAttributeNames: { '#n': 'n' } }],
      ['names a name that is not given', { ConditionExpression: 'attribute_exists(#n)' }],
      ['names an attribute by a reserved word', { ConditionExpression: 'attribute_exists(count)' }],
      ['is no expression', { ConditionExpression: 'holder = = :v', ExpressionAttributeValues: { ':v': 1 } }],
      ['ends too early', { ConditionExpression: '(attribute_exists(pk)' }],
      ['goes on after its end', { ConditionExpression: 'attribute_exists(pk) pk' }],
      ['is empty', { ConditionExpression: '' }],
      ['is missing though there are values', { ExpressionAttributeValues: { ':v': 1 } }],
      ['comes with an empty list of values', { ConditionExpression: absent, ExpressionAttributeValues: {} }],
      ['orders by a boolean', { ConditionExpression: 'holder < :v', ExpressionAttributeValues: { ':v': true } }],
    ])('is refused when it %s', async (_what, more) => {
      const key = { pk: freshName('condition'), sk: 'a' };
      await expect(put(key, more)).rejects.toMatchObject({ name: 'ValidationException' });
      expect(await get(key)).toBeUndefined();
    });
  });

  describe('a Query of DynamoDB', () => {
    test('answers one partition in the order of the bytes of its sort keys', async () => {
      const pk = freshName('query');
      for (const sk of ['b', 'a#10', 'B', '\u{1F600}', '\uFF5E', 'a#9', 'é']) await put({ pk, sk });
      await put({ pk: `${pk}-other`, sk: 'a' });
      const answer = await query(pk);
      expect(answer.Items?.map(({ sk }) => sk)).toEqual(['B', 'a#10', 'a#9', 'b', 'é', '\uFF5E', '\u{1F600}']);
      expect(answer).toMatchObject({ Count: 7, ScannedCount: 7 });
      expect(answer.LastEvaluatedKey).toBeUndefined();
      expect((await query(`${pk}-none`)).Items).toEqual([]);
    });

    test('ends a page at 1 MB and goes on behind it', async () => {
      const pk = freshName('query');
      for (const sk of ['a', 'b', 'c', 'd', 'e']) await put({ pk, sk, text: 'x'.repeat(300_000) });
      const first = await query(pk);
      const second = await query(pk, first.LastEvaluatedKey);
      expect(first.LastEvaluatedKey).toEqual({ pk, sk: first.Items?.at(-1)?.['sk'] });
      expect([first, second].flatMap(({ Items }) => (Items ?? []).map(({ sk }) => sk))).toEqual([...'abcde']);
      expect(first.Items).toHaveLength(4);
      expect(second.LastEvaluatedKey).toBeUndefined();
    });

    /** Sort keys and where the page ends. */
    const pageOf = async (pk: string, more: Partial<QueryCommandInput>) => {
      const { Items = [], LastEvaluatedKey } = await open().dynamodb.send(
        new QueryCommand({
          ...{ TableName: TableName(), KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)' },
          ...{ ExpressionAttributeValues: { ':pk': pk, ':prefix': 'a#' }, ConsistentRead: true, ...more },
        }),
      );
      return { keys: Items.map(({ sk }) => sk), last: LastEvaluatedKey?.['sk'] };
    };

    test('answers what begins alike, forwards and backwards', async () => {
      const pk = freshName('query');
      for (const sk of ['a', 'a#2', 'a#1', 'a$', 'b#1', 'a#3']) await put({ pk, sk });
      expect(await pageOf(pk, {})).toEqual({ keys: ['a#1', 'a#2', 'a#3'], last: undefined });
      expect(await pageOf(pk, { ScanIndexForward: false })).toEqual({ keys: ['a#3', 'a#2', 'a#1'], last: undefined });
    });

    test('ends a page at its limit, also at the last item, and goes on behind it', async () => {
      const pk = freshName('query');
      for (const sk of ['a#1', 'a#2', 'a#3', 'b']) await put({ pk, sk });
      const newest = { ScanIndexForward: false };
      expect(await pageOf(pk, { ...newest, Limit: 2 })).toEqual({ keys: ['a#3', 'a#2'], last: 'a#2' });
      const behind = { ...newest, ExclusiveStartKey: { pk, sk: 'a#2' } };
      expect(await pageOf(pk, { ...behind, Limit: 2 })).toEqual({ keys: ['a#1'], last: undefined });
      expect(await pageOf(pk, { ...behind, Limit: 1 })).toEqual({ keys: ['a#1'], last: 'a#1' });
    });

    test('may go on behind a key that is not there', async () => {
      const pk = freshName('query');
      for (const sk of ['a#1', 'a#3']) await put({ pk, sk });
      const more = { ScanIndexForward: false, ExclusiveStartKey: { pk, sk: 'a#2' } };
      expect((await pageOf(pk, more)).keys).toEqual(['a#1']);
    });

    test('has a limit of one item at least', async () => {
      await expect(pageOf(freshName('query'), { Limit: 0 })).rejects.toMatchObject({ name: 'ValidationException' });
    });
  });
}
