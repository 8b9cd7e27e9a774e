import { describe, expect, test } from '@jest/globals';
import { type AwsSubject, freshName } from './aws-subject.ts';
import { type Actions, dynamodbSteps } from './dynamodb-steps.ts';

/** Transactions of DynamoDB behind the document client. */
export function describeTransactions(open: () => AwsSubject): void {
  const { put, query, transact, TableName, absent } = dynamodbSteps(open);

  describe('a transaction of DynamoDB', () => {
    test('does everything when all conditions hold', async () => {
      const pk = freshName('transaction');
      await put({ pk, sk: 'old' });
      await put({ pk, sk: 'guard', open: true });
      await transact([
        { Put: { TableName: TableName(), Item: { pk, sk: 'new', gone: undefined }, ConditionExpression: absent } },
        { Delete: { TableName: TableName(), Key: { pk, sk: 'old' } } },
        {
          ConditionCheck: {
            ...{ TableName: TableName(), Key: { pk, sk: 'guard' }, ConditionExpression: '#open = :true' },
            ...{ ExpressionAttributeNames: { '#open': 'open' }, ExpressionAttributeValues: { ':true': true } },
          },
        },
      ]);
      expect((await query(pk)).Items).toEqual([
        { pk, sk: 'guard', open: true },
        { pk, sk: 'new' },
      ]);
    });

    test('does nothing when one condition does not hold, and names each place', async () => {
      const pk = freshName('transaction');
      await put({ pk, sk: 'taken' });
      const claim = (sk: string) => ({
        Put: { TableName: TableName(), Item: { pk, sk, again: true }, ConditionExpression: absent },
      });
      const error = await transact([claim('free'), claim('taken'), claim('other')]).catch((caught: unknown) => caught);
      expect(error).toMatchObject({
        name: 'TransactionCanceledException',
        message: expect.stringContaining('[None, ConditionalCheckFailed, None]'),
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
        $metadata: { httpStatusCode: 400 },
      });
      expect((await query(pk)).Items).toEqual([{ pk, sk: 'taken' }]);
    });

    test('takes no two actions on one item', async () => {
      const pk = freshName('transaction');
      const item = { TableName: TableName(), Item: { pk, sk: 'a' } };
      const key = { TableName: TableName(), Key: { pk, sk: 'a' } };
      await expect(transact([{ Put: item }, { Delete: key }])).rejects.toMatchObject({
        name: 'ValidationException',
      });
      expect((await query(pk)).Items).toEqual([]);
    });

    test('takes a hundred actions and no more', async () => {
      const pk = freshName('transaction');
      const puts = (count: number): Actions =>
        Array.from({ length: count }, (_, index) => ({
          Put: { TableName: TableName(), Item: { pk, sk: String(index) } },
        }));
      await expect(transact(puts(101))).rejects.toMatchObject({ name: 'ValidationException' });
      await transact(puts(100));
      expect((await query(pk)).Items).toHaveLength(100);
    });

    test('takes no more than 4 MB', async () => {
      const pk = freshName('transaction');
      const puts: Actions = Array.from({ length: 11 }, (_, index) => ({
        Put: { TableName: TableName(), Item: { pk, sk: String(index), text: 'x'.repeat(400_000) } },
      }));
      await expect(transact(puts)).rejects.toMatchObject({ name: 'ValidationException' });
      expect((await query(pk)).Items).toEqual([]);
    });

    test('writes once with its token, and takes no other request under it', async () => {
      const pk = freshName('transaction');
      const insert: Actions = [{ Put: { TableName: TableName(), Item: { pk, sk: 'a' }, ConditionExpression: absent } }];
      await transact(insert, pk);
      await transact(insert, pk);
      await expect(transact([{ Delete: { TableName: TableName(), Key: { pk, sk: 'a' } } }], pk)).rejects.toMatchObject({
        name: 'IdempotentParameterMismatchException',
      });
      expect((await query(pk)).Items).toHaveLength(1);
    });
  });
}
