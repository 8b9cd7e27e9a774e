import { closeSync, openSync, readSync } from 'node:fs';
import type { Answer } from '../tally.ts';

/** Follows a file that another process appends to: each call gives the whole lines that came since the last one. */
export function followLines(file: string): () => string[] {
  let position = 0;
  let rest = '';
  const buffer = Buffer.alloc(1 << 20);
  return () => {
    const descriptor = openSync(file, 'r');
    try {
      for (;;) {
        const bytes = readSync(descriptor, buffer, 0, buffer.length, position);
        if (bytes === 0) break;
        position += bytes;
        rest += buffer.toString('latin1', 0, bytes);
      }
    } finally {
      closeSync(descriptor);
    }
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    return lines;
  };
}

/** One line of a producer or of the consumer. @throws Error of a line that is none of theirs */
export type LoadLine =
  | { readonly type: 'answer'; readonly answer: Answer }
  | { readonly type: 'beat'; readonly atMs: number; readonly offered: number }
  | { readonly type: 'read'; readonly id: string };

export function parseLoadLine(line: string): LoadLine {
  const [kind = '', first = '', second = '', third = '', fourth = ''] = line.split(' ');
  switch (kind) {
    case 'a':
    case 'f':
      return {
        type: 'answer',
        answer: {
          id: first,
          partition: Number(second),
          isAcknowledged: kind === 'a',
          sentMs: Number(third),
          answeredMs: Number(fourth),
        },
      };
    case 'h':
      return { type: 'beat', atMs: Number(first), offered: Number(second) };
    case 'r':
      return { type: 'read', id: first };
    default:
      throw new Error(`no line of the load: ${line}`);
  }
}
