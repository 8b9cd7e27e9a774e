import { type Key, targetKey } from './store-keys.ts';
import { type Condition, present, type Table, type Write } from './table.ts';

export function put(key: Key, item: object, condition?: Condition): Write {
  return { type: 'put', key, item, ...(condition === undefined ? {} : { condition }) };
}

/** A write that comes late must not be left behind by a service that is gone, nor be read as its successor's. */
export function lives(service: string): Write {
  return { type: 'check', key: targetKey(service), condition: present };
}

/** The same of one life of its name: nor must it be written to the successor. */
export function livesSince(service: string, createdAt: number): Write {
  const condition = { expression: 'createdAt = :createdAt', values: { ':createdAt': createdAt } };
  return { type: 'check', key: targetKey(service), condition };
}

/** Whether all of it was written; false when a condition did not hold. */
export async function wrote(table: Table, ...writes: readonly Write[]): Promise<boolean> {
  const result = await table.write(...writes);
  return result.type === 'written';
}

/** Of a wish. */
export function planIs(planId: string): Condition {
  return { expression: 'planId = :plan', values: { ':plan': planId } };
}
