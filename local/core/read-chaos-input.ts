import { type ChaosInput, ChaosRefusal } from './chaos.ts';

interface Limits {
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
}

/** Reads the members of a verb's input one by one, each with its rule. Every reader throws ChaosRefusal. */
export interface InputReader {
  readonly text: (name: string) => string;
  readonly optionalText: (name: string) => string | undefined;
  readonly number: (name: string, limits: Limits) => number;
  readonly optionalNumber: (name: string, limits: Limits) => number | undefined;
  /** False when absent. */
  readonly flag: (name: string) => boolean;
}

/** @throws ChaosRefusal that names the member, its value and what is allowed; members that are not listed are refused */
export function readerOf(input: ChaosInput, members: readonly string[]): InputReader {
  const unknown = Object.keys(input).filter((name) => !members.includes(name));
  if (unknown.length > 0)
    throw new ChaosRefusal(
      `${unknown.join(', ')} is not known here; allowed are: ${members.length === 0 ? 'no members' : members.join(', ')}`,
    );
  const optionalText = (name: string): string | undefined => {
    const value = input[name];
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    throw refusal(name, value, 'a text that is not empty');
  };
  const optionalNumber = (name: string, limits: Limits): number | undefined => {
    const value = input[name];
    if (value === undefined) return undefined;
    const { min, max, isWhole = false } = limits;
    if (typeof value === 'number' && value >= min && value <= max && (!isWhole || Number.isInteger(value)))
      return value;
    throw refusal(name, value, `${isWhole ? 'a whole number' : 'a number'} from ${min} to ${max}`);
  };
  return {
    optionalText,
    optionalNumber,
    text: (name) => optionalText(name) ?? required(name),
    number: (name, limits) => optionalNumber(name, limits) ?? required(name),
    flag: (name) => {
      const value = input[name] ?? false;
      if (typeof value === 'boolean') return value;
      throw refusal(name, value, 'true or false');
    },
  };
}

function required(name: string): never {
  throw new ChaosRefusal(`${name} is missing`);
}

function refusal(name: string, value: unknown, allowed: string): ChaosRefusal {
  return new ChaosRefusal(`${name} is ${JSON.stringify(value)}; allowed is ${allowed}`);
}
