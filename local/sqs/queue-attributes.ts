import { AwsError } from '../core/aws-error.ts';

/** The settings of a queue in the API's words; every value is text. */
export type QueueAttributes = Readonly<Record<string, string>>;

/** Where messages go that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

interface Range {
  readonly byDefault: number;
  readonly min: number;
  readonly max: number;
}

const NUMBERS: Readonly<Record<string, Range>> = {
  DelaySeconds: { byDefault: 0, min: 0, max: 900 },
  MaximumMessageSize: { byDefault: 1_048_576, min: 1024, max: 1_048_576 },
  MessageRetentionPeriod: { byDefault: 345_600, min: 60, max: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { byDefault: 0, min: 0, max: 20 },
  VisibilityTimeout: { byDefault: 30, min: 0, max: 43_200 },
};

/** Kept and shown; queues are on this machine's disk as they are. */
const KEPT = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'Policy', 'RedriveAllowPolicy', 'SqsManagedSseEnabled'];

/** What a queue has when nothing else is said. */
export const DEFAULT_ATTRIBUTES: QueueAttributes = {
  ...Object.fromEntries(Object.entries(NUMBERS).map(([name, { byDefault }]) => [name, String(byDefault)])),
  SqsManagedSseEnabled: 'true',
};

/**
 * Settings after a change; an empty text brings a setting back to its default.
 * @throws InvalidAttributeName, InvalidAttributeValue
 */
export function changeAttributes(before: QueueAttributes, change: QueueAttributes): QueueAttributes {
  for (const [name, value] of Object.entries(change)) checkAttribute(name, value);
  const merged = { ...before, ...change };
  const kept = Object.entries(merged).filter(([, value]) => value !== '');
  return { ...DEFAULT_ATTRIBUTES, ...Object.fromEntries(kept) };
}

/** A setting that is a number, for example VisibilityTimeout in seconds. */
export function numberOf(attributes: QueueAttributes, name: string): number {
  return Number(attributes[name] ?? DEFAULT_ATTRIBUTES[name] ?? 0);
}

/** @throws InvalidAttributeValue */
export function readRedrivePolicy({ RedrivePolicy: text }: QueueAttributes): RedrivePolicy | undefined {
  if (text === undefined || text === '') return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = parsePolicy(text);
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(count) || count < 1 || count > 1000)
    throw new AwsError(
      'InvalidAttributeValue',
      `RedrivePolicy ${text} needs deadLetterTargetArn and a maxReceiveCount of 1 to 1000`,
    );
  return { deadLetterTargetArn, maxReceiveCount: count };
}

function checkAttribute(name: string, value: string): void {
  const range = Object.hasOwn(NUMBERS, name) ? NUMBERS[name] : undefined;
  if (range !== undefined) {
    const number = Number(value);
    if (value !== '' && (!Number.isInteger(number) || number < range.min || number > range.max))
      throw new AwsError('InvalidAttributeValue', `${name} is ${value}; allowed are ${range.min} to ${range.max}`);
    return;
  }
  if (name === 'RedrivePolicy') {
    readRedrivePolicy({ RedrivePolicy: value });
    return;
  }
  if (KEPT.includes(name)) return;
  if (name === 'FifoQueue' && value === 'false') return;
  const allowed = [...Object.keys(NUMBERS), ...KEPT, 'RedrivePolicy'];
  throw new AwsError(
    'InvalidAttributeName',
    `The attribute ${name} is not done in the local cloud; done: ${allowed.join(', ')}`,
  );
}

function parsePolicy(text: string): Readonly<Record<string, unknown>> {
  try {
    const policy: unknown = JSON.parse(text);
    return typeof policy === 'object' && policy !== null ? { ...policy } : {};
  } catch (error) {
    throw new AwsError(
      'InvalidAttributeValue',
      `RedrivePolicy is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
