import type { NodeWait, WaitIdentity } from '../model/state.ts';
import type { Store } from '../ports/store.ts';
import { waitKey } from './store-keys.ts';
import { lives, put, wrote } from './store-writes.ts';
import type { Condition, Table } from './table.ts';

/**
 * The writes of the port Store about waits. An invocation may outlive the try of its state that called it: it neither
 * takes the place of a later try's wait nor removes it.
 */
export function waitsOf(table: Table): Pick<Store, 'putWait' | 'explainWait' | 'removeWait'> {
  return {
    putWait: async (wait) => {
      await putWait(table, wait, isNotLater(wait.try));
    },
    explainWait: (wait) => explainWait(table, wait),
    removeWait: async (identity) => {
      const condition = isNotLater(identity.try);
      await table.write({ type: 'delete', key: keyOf(identity), ...(condition === undefined ? {} : { condition }) });
    },
  };
}

async function explainWait(table: Table, wait: NodeWait): Promise<void> {
  if (wait.try === undefined) return void (await putWait(table, wait));
  if (await putWait(table, wait, isEarlierOrWithoutToken(wait.try))) return;
  const stored = await table.get(keyOf(wait));
  if (stored?.['try'] === wait.try) await putWait(table, { ...stored, ...wait }, isOfTry(wait.try));
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
