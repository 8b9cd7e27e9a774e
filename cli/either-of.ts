import type { Reader } from './api-client.ts';

/** Reads an answer that has one of two forms. */
export function eitherOf<One, Other>(one: Reader<One>, other: Reader<Other>): Reader<One | Other> {
  return {
    safeParse: (answer) => {
      const parsed = one.safeParse(answer);
      return parsed.success ? parsed : other.safeParse(answer);
    },
  };
}
