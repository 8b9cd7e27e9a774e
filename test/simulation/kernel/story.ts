import type { SimulatedClock } from '../contract.ts';
import { beginsAt } from './timeline.ts';

/** What happened, line by line: the end of it is kept for people, all of it goes into one number. */
export interface Story {
  tell(line: string): void;
  /** The last lines, each with its time since the beginning. */
  lines(): readonly string[];
  /** Equal for equal stories. */
  fingerprint(): string;
  readonly length: number;
}

export function createStory(clock: Pick<SimulatedClock, 'now'>, keep = 400): Story {
  const kept: string[] = [];
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  let length = 0;
  return {
    tell(text) {
      const line = `${time(clock.now() - beginsAt)} ${text}`;
      length++;
      for (let index = 0; index < line.length; index++) {
        first = Math.imul(first ^ line.charCodeAt(index), 0x01000193);
        second = Math.imul(second ^ line.charCodeAt(index), 0x85ebca6b) + 1;
      }
      kept[(length - 1) % keep] = line;
    },
    lines: () => [...kept.slice(length % keep), ...kept.slice(0, length % keep)].filter((line) => line !== undefined),
    fingerprint: () => `${(first >>> 0).toString(16)}-${(second >>> 0).toString(16)}-${length}`,
    get length() {
      return length;
    },
  };
}

/** Hours, minutes, seconds, milliseconds. */
function time(ms: number): string {
  const pad = (value: number, width: number) => String(Math.floor(value)).padStart(width, '0');
  return `${pad(ms / 3_600_000, 2)}:${pad((ms / 60_000) % 60, 2)}:${pad((ms / 1000) % 60, 2)}.${pad(ms % 1000, 3)}`;
}
