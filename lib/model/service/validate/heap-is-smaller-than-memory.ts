import type { OptionRule } from './option-rule.ts';

/** A heap as large as the memory leaves nothing for the rest of the JVM and for the page cache. */
export const heapIsSmallerThanMemory: OptionRule = (options) =>
  (['brokers', 'controllers'] as const)
    .filter((role) => options[role].heap.size >= options[role].mem)
    .map((role) => ({
      reads: [`/${role}/heap/size`, `/${role}/mem`],
      refusal: {
        pointer: `/${role}/heap/size`,
        value: options[role].heap.size,
        message: `${role}.heap.size (${options[role].heap.size} MiB) must be less than ${role}.mem (${options[role].mem} MiB)`,
        allowed: `less than ${options[role].mem}`,
        hint: `raise ${role}.mem or lower ${role}.heap.size`,
      },
    }));
