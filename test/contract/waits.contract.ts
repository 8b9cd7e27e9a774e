import { describe, expect, test } from '@jest/globals';
import type { Store } from '../../lib/ports/store.ts';
import { created, wait } from './store-records.ts';

/** What every store promises about what May stop found, and what steps wait for. */
export function describeWaits(open: () => Store): void {
  describe('verdicts and waits', () => {
    test('are one for each node, and for each node and holder; the newest counts', async () => {
      const store = open();
      const { service } = await created(store);
      await store.putVerdict({ service, nodeId: 0, holder: 'execution-1', judgedAt: 1 });
      await store.putVerdict({ service, nodeId: 0, holder: 'execution-2', judgedAt: 2 });
      await store.putWait(wait(service));
      await store.putWait(wait(service, { token: 'token-2' }));
      await store.putWait(wait(service, { nodeId: 1 }));
      const state = await store.readService(service);
      expect(state?.verdicts).toEqual([{ service, nodeId: 0, holder: 'execution-2', judgedAt: 2 }]);
      expect(state?.waits).toEqual([wait(service, { token: 'token-2' }), wait(service, { nodeId: 1 })]);
    });

    test('of a process that is cut off are stored with their line in the history', async () => {
      const store = open();
      const { service } = await created(store);
      const before = (await store.listOperations(service, { limit: 10 })).operations;
      const verdict = { service, nodeId: 0, holder: 'execution-1', judgedAt: 7, cutOff: 'arn:task' };
      const line = { id: 'restart-0', service, kind: 'restart node', requestedBy: 'warden', requestedAt: 7 } as const;
      await store.putVerdict(verdict, { ...line, pod: 'kafka-0', why: 'it does not find them' });
      expect((await store.readService(service))?.verdicts).toEqual([verdict]);
      const { operations } = await store.listOperations(service, { limit: 10 });
      expect(operations.filter(({ id }) => !before.some((older) => older.id === id))).toEqual([
        { ...line, pod: 'kafka-0', why: 'it does not find them' },
      ]);
    });

    test('of a try keep their token when it explains itself once more', async () => {
      const store = open();
      const { service } = await created(store);
      const because = { service, nodeId: 0, holder: 'execution-1', since: 5, try: '2027-01-15#0002' };
      const reason = { type: 'turn', heldBy: 'something newer' } as const;
      await store.putWait(wait(service, { ...because, awaits: 'task running', taskArn: 'arn:task' }));
      await store.explainWait({ ...because, reason });
      const explained = { ...because, reason, token: 'token-1', awaits: 'task running', taskArn: 'arn:task' };
      expect((await store.readService(service))?.waits).toEqual([explained]);
      await store.explainWait({ ...because, reason, try: '2027-01-15#0003' });
      expect((await store.readService(service))?.waits).toEqual([{ ...because, reason, try: '2027-01-15#0003' }]);
    });

    test('are as old as their kind of reason, however often they are told', async () => {
      const store = open();
      const { service } = await created(store);
      const { token: _token, awaits: _awaits, ...because } = wait(service, { try: '2027-01-15#0002' });
      const told = async () =>
        (await store.readService(service))?.waits.map(({ since, reason }) => ({ since, reason }));
      const turn = { type: 'turn', heldBy: 'somebody' } as const;
      const quorum = { type: 'quorum', detail: 'no controller leads' } as const;
      await store.explainWait({ ...because, since: 5 });
      await store.explainWait({ ...because, reason: turn, since: 6 });
      expect(await told()).toEqual([{ reason: turn, since: 5 }]);
      await store.putWait(wait(service, { try: '2027-01-15#0003', reason: turn, since: 7 }));
      expect(await told()).toEqual([{ reason: turn, since: 5 }]);
      await store.explainWait({ ...because, try: '2027-01-15#0004', reason: quorum, since: 8 });
      await store.explainWait({ ...because, try: '2027-01-15#0004', reason: quorum, since: 9 });
      expect(await told()).toEqual([{ reason: quorum, since: 8 }]);
    });

    test('of a try are neither replaced nor removed by an invocation of an earlier one', async () => {
      const store = open();
      const { service } = await created(store);
      const newest = wait(service, { try: '2027-01-15#0010', token: 'token-2' });
      const earlier = { ...wait(service), try: '2027-01-15#0009' };
      await store.putWait(earlier);
      await store.putWait(newest);
      await store.putWait(earlier);
      const { token: _token, awaits: _awaits, ...because } = earlier;
      await store.explainWait(because);
      await store.removeWait(earlier);
      expect((await store.readService(service))?.waits).toEqual([newest]);
      await store.removeWait(newest);
      expect((await store.readService(service))?.waits).toEqual([]);
    });

    test('of one holder are removed without those of others, twice without harm', async () => {
      const store = open();
      const { service } = await created(store);
      await store.putWait(wait(service));
      await store.putWait(wait(service, { holder: 'execution-2' }));
      await store.removeWait({ service, nodeId: 0, holder: 'execution-1' });
      await store.removeWait({ service, nodeId: 0, holder: 'execution-1' });
      expect((await store.readService(service))?.waits).toEqual([wait(service, { holder: 'execution-2' })]);
    });
  });
}
