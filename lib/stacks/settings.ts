import { isZoneName, type ZoneSetting } from './zone-setting.ts';

/** What the context keys `warden:*` say, checked. */
export interface Settings {
  /** How many zones, or exactly which ones. */
  readonly zones:
    | { readonly type: 'count'; readonly count: number }
    | { readonly type: 'names'; readonly names: readonly string[] };
  readonly hostsPerZone: number;
  readonly instanceType: string;
  /** Absent: the newest ECS-optimized AMI at the time of the deployment. */
  readonly amiId?: string;
  /** Absent: the stack makes its own VPC. */
  readonly vpcId?: string;
  /** Only with an existing VPC: whether its route tables already lead to DynamoDB by a gateway endpoint. */
  readonly dynamoDbEndpoint: 'create' | 'existing';
  /** From where Kafka's ports may be reached beside the hosts themselves. */
  readonly clientCidrs: readonly string[];
  /** Absent: services use the addresses of the hosts. */
  readonly zone?: ZoneSetting;
}

/** A context value that was refused. */
export interface SettingRefusal {
  readonly field: string;
  readonly value: unknown;
  readonly message: string;
  readonly hint: string;
}

/** Context values come as strings from `-c key=value`, as any JSON from cdk.json. */
export type ContextLookup = (key: string) => unknown;

/** Reads and checks all context keys of Warden; answers every refusal at once. */
export function readSettings(
  lookup: ContextLookup,
):
  | { readonly type: 'accepted'; readonly settings: Settings }
  | { readonly type: 'refused'; readonly refusals: readonly SettingRefusal[] } {
  const refusals: SettingRefusal[] = [];
  const read = <T>(field: string, rule: Rule<T>): T => {
    const value = lookup(field);
    if (value === undefined || value === null || value === '') return rule.fallback;
    const parsed = rule.parse(value);
    if (parsed !== undefined) return parsed;
    refusals.push({
      field,
      value,
      message: `${field} must be ${rule.allowed}`,
      hint: `for example -c ${field}=${rule.example}`,
    });
    return rule.fallback;
  };
  const amiId = read('warden:amiId', resourceIdRule('ami'));
  const vpcId = read('warden:vpcId', resourceIdRule('vpc'));
  const zone = readZone(read, refusals, vpcId);
  const settings: Settings = {
    zones: read('warden:zones', zonesRule),
    hostsPerZone: read('warden:hostsPerZone', hostsPerZoneRule),
    instanceType: read('warden:instanceType', instanceTypeRule),
    dynamoDbEndpoint: read('warden:dynamoDbEndpoint', dynamoDbEndpointRule),
    clientCidrs: read('warden:clientCidrs', clientCidrsRule),
    ...(amiId === undefined ? {} : { amiId }),
    ...(vpcId === undefined ? {} : { vpcId }),
    ...(zone === undefined ? {} : { zone }),
  };
  return refusals.length === 0 ? { type: 'accepted', settings } : { type: 'refused', refusals };
}

/** The keys of the private zone belong together: a zone that exists needs its name, and a VPC that it can know. */
function readZone(
  read: <T>(field: string, rule: Rule<T>) => T,
  refusals: SettingRefusal[],
  vpcId: string | undefined,
): ZoneSetting | undefined {
  const name = read('warden:zone', zoneRule);
  const hostedZoneId = read('warden:hostedZoneId', hostedZoneIdRule);
  if (hostedZoneId === undefined) return name === undefined ? undefined : { name };
  const refuse = (missing: string, why: string, example: string) =>
    refusals.push({
      field: 'warden:hostedZoneId',
      value: hostedZoneId,
      message: `warden:hostedZoneId must come with ${missing}, ${why}`,
      hint: `for example -c ${missing}=${example}`,
    });
  if (name === undefined) refuse('warden:zone', 'the name of that zone', zoneRule.example);
  if (vpcId === undefined) refuse('warden:vpcId', 'the VPC that the zone is associated with', 'vpc-0123456789abcdef0');
  return name === undefined ? undefined : { name, hostedZoneId };
}

interface Rule<T> {
  readonly fallback: T;
  readonly allowed: string;
  readonly example: string;
  /** Undefined = refused. */
  readonly parse: (value: unknown) => T | undefined;
}

const zonesRule: Rule<Settings['zones']> = {
  fallback: { type: 'count', count: 3 },
  allowed: 'a number from 1 to 6, or names of zones separated by commas',
  example: 'eu-west-1a,eu-west-1b,eu-west-1c',
  parse: (value) => {
    const count = parseInteger(value, 1, 6);
    if (count !== undefined) return { type: 'count', count };
    const names = parseList(value);
    const valid =
      names?.every((name) => /^[a-z]{2}[a-z0-9-]*-\d+[a-z]$/.test(name)) && new Set(names).size === names.length;
    return names !== undefined && valid ? { type: 'names', names } : undefined;
  },
};

const hostsPerZoneRule: Rule<number> = {
  fallback: 1,
  allowed: 'a number from 1 to 40',
  example: '2',
  parse: (value) => parseInteger(value, 1, 40),
};

const instanceTypeRule: Rule<string> = {
  fallback: 'm7g.large',
  allowed: 'an EC2 instance type',
  example: 'm7g.xlarge',
  parse: (value) => (typeof value === 'string' && /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(value) ? value : undefined),
};

const dynamoDbEndpointRule: Rule<Settings['dynamoDbEndpoint']> = {
  fallback: 'create',
  allowed: '"create", or "existing" when the VPC of warden:vpcId already has a gateway endpoint for DynamoDB',
  example: 'existing',
  parse: (value) => (value === 'create' || value === 'existing' ? value : undefined),
};

const clientCidrsRule: Rule<readonly string[]> = {
  fallback: [],
  // Brokers of this version neither encrypt nor ask who is there: the whole internet is never a client.
  allowed: 'IPv4 ranges of your own networks separated by commas, each with a prefix of /8 to /32',
  example: '10.1.0.0/16,10.2.0.0/16',
  parse: (value) => {
    const ranges = parseList(value);
    return ranges?.every(isClientRange) ? ranges : undefined;
  },
};

const zoneRule: Rule<string | undefined> = {
  fallback: undefined,
  allowed:
    'the name of a private zone: two or more labels of a-z, 0-9 and - joined by dots, up to 200 characters, not amazonaws.com',
  example: 'kafka.internal',
  parse: (value) => (isZoneName(value) ? value : undefined),
};

const hostedZoneIdRule: Rule<string | undefined> = {
  fallback: undefined,
  allowed: 'the id of a private hosted zone, Z and up to 31 letters and digits',
  example: 'Z0123456789ABCDEFGHIJ',
  parse: (value) => (typeof value === 'string' && /^Z[A-Z0-9]{1,31}$/.test(value) ? value : undefined),
};

function resourceIdRule(prefix: 'ami' | 'vpc'): Rule<string | undefined> {
  return {
    fallback: undefined,
    allowed: `the id of one, ${prefix}- and 8 or 17 hexadecimal digits`,
    example: `${prefix}-0123456789abcdef0`,
    parse: (value) =>
      typeof value === 'string' && new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(value) ? value : undefined,
  };
}

function isClientRange(range: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(range);
  if (match === null) return false;
  const [first = 256, second = 256, third = 256, fourth = 256, prefix = 33] = match.slice(1).map(Number);
  return [first, second, third, fourth].every((part) => part <= 255) && prefix >= 8 && prefix <= 32;
}

function parseInteger(value: unknown, least: number, most: number): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
    ? number
    : undefined;
}

function parseList(value: unknown): readonly string[] | undefined {
  const parts = typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value;
  if (!Array.isArray(parts) || parts.length === 0) return undefined;
  return parts.every((part): part is string => typeof part === 'string' && part !== '') ? parts : undefined;
}
