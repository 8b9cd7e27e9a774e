import type { ServedCall } from '../world.ts';

export type WrittenItem = Readonly<Record<string, unknown>>;

interface OneWrite {
  readonly Item?: WrittenItem;
  readonly Key?: WrittenItem;
}

interface WriteInput extends OneWrite {
  readonly TransactItems?: readonly { readonly Put?: OneWrite; readonly Delete?: OneWrite }[];
}

interface Written {
  readonly put: readonly WrittenItem[];
  readonly deleted: readonly WrittenItem[];
}

const nothing: Written = { put: [], deleted: [] };

/** By the input of the call, which no other call has: each rule asks for the same. */
const writtenByInput = new WeakMap<object, Written>();

/** The items that a served call stored and the keys that it deleted. */
export function writtenBy(call: Pick<ServedCall, 'service' | 'operation' | 'input'>): Written {
  if (call.service !== 'dynamodb' || !/^(Put|Delete|TransactWrite)$/.test(call.operation)) return nothing;
  const known = writtenByInput.get(call.input);
  if (known !== undefined) return known;
  const written = readWritten(call);
  writtenByInput.set(call.input, written);
  return written;
}

function readWritten({ operation, input }: Pick<ServedCall, 'operation' | 'input'>): Written {
  const request: WriteInput = input;
  const { Item, Key, TransactItems = [] } = request;
  if (operation === 'Put') return { put: Item === undefined ? [] : [Item], deleted: [] };
  if (operation === 'Delete') return { put: [], deleted: Key === undefined ? [] : [Key] };
  return {
    put: TransactItems.flatMap(({ Put }) => (Put?.Item === undefined ? [] : [Put.Item])),
    deleted: TransactItems.flatMap(({ Delete }) => (Delete?.Key === undefined ? [] : [Delete.Key])),
  };
}

/** `pk sk`. */
export function keyOf(item: WrittenItem): string {
  return `${String(item['pk'])} ${String(item['sk'])}`;
}
