import type { ServedCall } from '../world.ts';

export type WrittenItem = Readonly<Record<string, unknown>>;

interface OneWrite {
  readonly Item?: WrittenItem;
  readonly Key?: WrittenItem;
}

interface WriteInput extends OneWrite {
  readonly TransactItems?: readonly { readonly Put?: OneWrite; readonly Delete?: OneWrite }[];
}

/** The items that a served call stored and the keys that it deleted. */
export function writtenBy({ service, operation, input }: Pick<ServedCall, 'service' | 'operation' | 'input'>): {
  readonly put: readonly WrittenItem[];
  readonly deleted: readonly WrittenItem[];
} {
  if (service !== 'dynamodb') return { put: [], deleted: [] };
  const request: WriteInput = input;
  const { Item, Key, TransactItems = [] } = request;
  if (operation === 'Put') return { put: Item === undefined ? [] : [Item], deleted: [] };
  if (operation === 'Delete') return { put: [], deleted: Key === undefined ? [] : [Key] };
  if (operation !== 'TransactWrite') return { put: [], deleted: [] };
  return {
    put: TransactItems.flatMap(({ Put }) => (Put?.Item === undefined ? [] : [Put.Item])),
    deleted: TransactItems.flatMap(({ Delete }) => (Delete?.Key === undefined ? [] : [Delete.Key])),
  };
}

/** `pk sk`. */
export function keyOf(item: WrittenItem): string {
  return `${String(item['pk'])} ${String(item['sk'])}`;
}
