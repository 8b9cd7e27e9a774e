import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import jsonata from 'jsonata';
import type { Machine } from '../../lib/ports/plan-runner.ts';

/** A state of ASL as far as our machines use it. */
export interface State {
  readonly Type: 'Task' | 'Choice' | 'Map' | 'Succeed';
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Arguments?: {
    readonly FunctionName?: string;
    readonly Payload?: string;
    readonly Name?: string;
    readonly Input?: Readonly<Record<string, unknown>>;
  };
  readonly TimeoutSeconds?: number | string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Output?: string;
    readonly Next: string;
  }[];
  readonly Output?: string;
  readonly Assign?: Readonly<Record<string, string>>;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Default?: string;
  readonly Items?: string;
  readonly MaxConcurrency?: number | string;
  readonly ItemProcessor?: States;
  readonly Next?: string;
  readonly End?: boolean;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly MaxAttempts?: number;
}

export interface States {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export const machines: readonly Machine[] = [
  ...(['deploy', 'update', 'broker', 'recover', 'replace', 'restart', 'pause', 'reconcile'] as const),
  ...(['hibernate', 'resume', 'uninstall'] as const),
];

/** The definition of a machine as it is deployed, its placeholders left in place. */
export function readMachine(machine: Machine): States {
  const file = join(import.meta.dirname, '..', '..', 'statemachines', `${machine}.asl.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as States;
}

/** Each state of a machine under its name, those inside of maps included. */
export function allStates({ States: states }: States): readonly (readonly [string, State])[] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state] as const,
    ...(state.ItemProcessor === undefined ? [] : allStates(state.ItemProcessor)),
  ]);
}

const compiled = new Map<string, jsonata.Expression>();

/** The value of a field: text in `{% %}` is JSONata, everything else stands for itself. */
export async function evaluate(field: unknown, bindings: Readonly<Record<string, unknown>>): Promise<unknown> {
  if (typeof field === 'string') return evaluateText(field, bindings);
  if (typeof field !== 'object' || field === null) return field;
  const entries = Object.entries(field).map(async ([name, value]) => [name, await evaluate(value, bindings)]);
  return Object.fromEntries(await Promise.all(entries));
}

async function evaluateText(text: string, bindings: Readonly<Record<string, unknown>>): Promise<unknown> {
  const source = /^\{%(.*)%\}$/s.exec(text)?.[1];
  if (source === undefined) return text;
  const expression = compiled.get(source) ?? jsonata(source);
  compiled.set(source, expression);
  const value: unknown = await expression.evaluate(null, { ...bindings });
  // JSONata's arrays carry marks of their own; what leaves a state is plain JSON.
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
