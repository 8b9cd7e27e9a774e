import { isDeepStrictEqual } from 'node:util';
import type { NodeWait, WaitIdentity } from '../model/state.ts';
import { asItBegan } from '../model/wait-goes-on.ts';
import type { Store } from '../ports/store.ts';
import { fromItem } from './service-state.ts';
import { waitKey } from './store-keys.ts';
import { lives, put, wrote } from './store-writes.ts';
import type { Condition, Table, Write } from './table.ts';

/**
 * The writes of the port Store about waits. An invocation may outlive the try of its state that called it: it neither
 * takes the place of a later try's wait nor removes it.
 */
export function waitsOf(table: Table): Pick<Store, 'putWait' | 'explainWait' | 'removeWait'> {
  return {
    putWait: async (wait) => {
      await putWait(table, asItBegan(wait, await readWait(table, wait)), isNotLater(wait.try));
    },
    explainWait: (wait) => explainWait(table, wait),
    removeWait: async (identity) => {
      await table.write(deleteWait(identity));
    },
  };
}

/** Refused when that of a later try is stored. */
export function deleteWait(identity: WaitIdentity): Write {
  const condition = isNotLater(identity.try);
  return { type: 'delete', key: keyOf(identity), ...(condition === undefined ? {} : { condition }) };
}

/** A step that polls explains itself at each look: what is told already is not written again. */
async function explainWait(table: Table, said: NodeWait): Promise<void> {
  const stored = await readWait(table, said);
  if (stored?.try === said.try && isDeepStrictEqual(stored?.reason, said.reason)) return;
  const wait = asItBegan(said, stored);
  if (wait.try === undefined) return void (await putWait(table, wait));
  if (await putWait(table, wait, isEarlierOrWithoutToken(wait.try))) return;
  const withToken = await readWait(table, wait);
  if (withToken?.try === wait.try) await putWait(table, { ...withToken, ...wait }, isOfTry(wait.try));
}

async function readWait(table: Table, wait: WaitIdentity): Promise<NodeWait | undefined> {
  const item = await table.get(keyOf(wait));
  return item === undefined ? undefined : fromItem<NodeWait>(item);
}

function putWait(table: Table, wait: NodeWait, condition?: Condition): Promise<boolean> {
  return wrote(table, lives(wait.service), put(keyOf(wait), wait, condition));
}

function keyOf({ service, nodeId, holder }: WaitIdentity) {
  return waitKey(service, nodeId, holder);
}

const names = { '#try': 'try' };

function isNotLater(ofTry: string | undefined): Condition | undefined {
  if (ofTry === undefined) return undefined;
  return { expression: 'attribute_not_exists(#try) OR #try <= :try', names, values: { ':try': ofTry } };
}

function isEarlierOrWithoutToken(ofTry: string): Condition {
  return {
    expression: 'attribute_not_exists(#try) OR #try < :try OR (#try = :try AND attribute_not_exists(#token))',
    names: { ...names, '#token': 'token' },
    values: { ':try': ofTry },
  };
}

function isOfTry(ofTry: string): Condition {
  return { expression: '#try = :try', names, values: { ':try': ofTry } };
}
