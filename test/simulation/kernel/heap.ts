/** A binary heap: the smallest item on top. */
export interface Heap<Item> {
  push(item: Item): void;
  peek(): Item | undefined;
  pop(): Item | undefined;
  /** All items in no order. */
  items(): readonly Item[];
}

export function createHeap<Item>(compare: (left: Item, right: Item) => number): Heap<Item> {
  const items: Item[] = [];
  const isSmaller = (left: number, right: number) => {
    const [first, second] = [items[left], items[right]];
    return first !== undefined && second !== undefined && compare(first, second) < 0;
  };
  const swap = (left: number, right: number) => {
    const [first, second] = [items[left], items[right]];
    if (first === undefined || second === undefined) return;
    items[left] = second;
    items[right] = first;
  };
  const rise = (start: number) => {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isSmaller(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  };
  const sink = () => {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = isSmaller(right, left) ? right : left;
      if (!isSmaller(least, at)) return;
      swap(least, at);
      at = least;
    }
  };
  return {
    push(item) {
      items.push(item);
      rise(items.length - 1);
    },
    peek: () => items[0],
    pop() {
      const top = items[0];
      const last = items.pop();
      if (items.length > 0 && last !== undefined) {
        items[0] = last;
        sink();
      }
      return top;
    },
    items: () => items,
  };
}
