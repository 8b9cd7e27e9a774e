import { kafkaDefinitions } from '../../kafka/definitions.ts';
import { ownershipOf } from '../../kafka/owned-property.ts';
import { propertyNameOf } from '../../kafka/property-name.ts';
import { pointerOf } from '../../refusal.ts';
import { kafkaVersionOf, type ServiceConfig } from '../config.ts';
import type { OptionSection } from '../option-field.ts';
import { optionSchema } from '../option-schema.ts';
import { changeRules } from './change-rules.ts';
import { moreBrokersKeepReplication } from './more-brokers-keep-replication.ts';

type Members = Readonly<Record<string, unknown>>;

export interface Merge {
  readonly stored: ServiceConfig;
  /** Nothing stays as stored but what a service has for life. */
  readonly replace: boolean;
  /** Pointers of options that stay as stored, whatever is given. */
  readonly kept: ReadonlySet<string>;
}

const lasting: ReadonlySet<string> = new Set(changeRules.flatMap((rule) => rule.lasting));

const sectionNames = ['service', 'brokers', 'controllers'] as const;

/** Two options of the guides say one thing and are kept as one: whoever gives the one means no longer what is stored. */
const otherSpelling: Readonly<Record<string, string>> = {
  placement_constraint: 'placement_strategy',
  deploy_strategy: 'phase_strategy',
};

/**
 * Defaults ← stored ← given as one document, option by option; defaults are what is left out. `null` is back to the
 * default, and port 0 is the port that the service has. What is no object, and unknown names, are left as they are
 * for the validation to refuse. Source: `dcos … update start` of 2.x.
 */
export function mergeOptions(given: unknown, merge: Merge): unknown {
  if (given === undefined) return mergeOptions({}, merge);
  if (!isObject(given)) return given;
  const sections = Object.fromEntries(
    sectionNames.map((name) => {
      const section = { schema: optionSchema[name], path: [name], stored: { ...merge.stored.options[name] } };
      return [name, mergeSection(section, given[name], merge)];
    }),
  );
  return { ...given, ...sections, kafka: mergeKafka(given['kafka'], sections['brokers'], merge) };
}

interface Section {
  readonly schema: OptionSection;
  readonly path: readonly string[];
  readonly stored: Members;
}

function mergeSection({ schema, path, stored }: Section, given: unknown, merge: Merge): unknown {
  if (given !== undefined && !isObject(given)) return given;
  const members = given ?? {};
  const merged = Object.entries(schema.fields).map(([name, field]): [string, unknown] => {
    const inner = stored[name];
    if (field.type !== 'section') return [name, mergeOption([...path, name], { members, stored: inner }, merge)];
    const section = { schema: field, path: [...path, name], stored: isObject(inner) ? inner : {} };
    return [name, mergeSection(section, members[name], merge)];
  });
  const unknown = Object.entries(members).filter(([name]) => !Object.hasOwn(schema.fields, name));
  return Object.fromEntries([...merged, ...unknown].filter(([, value]) => value !== undefined));
}

function mergeOption(
  path: readonly string[],
  { members, stored }: { readonly members: Members; readonly stored: unknown },
  { replace, kept }: Merge,
): unknown {
  const name = path.at(-1) ?? '';
  const given = members[name];
  const pointer = pointerOf(...path);
  if (kept.has(pointer) || (name === 'port' && (given === 0 || given === null))) return stored;
  if (given === null) return undefined;
  if (given !== undefined) return given;
  const spelledOtherwise = members[otherSpelling[name] ?? ''] !== undefined;
  return spelledOtherwise || (replace && !lasting.has(pointer)) ? undefined : stored;
}

function mergeKafka(given: unknown, brokers: unknown, { stored, replace }: Merge): unknown {
  if (given !== undefined && !isObject(given)) return given;
  const definitions = kafkaDefinitions(kafkaVersionOf(stored.packageVersion));
  const isUsers = (option: string): boolean =>
    !option.includes('.') &&
    definitions.has(propertyNameOf(option)) &&
    ownershipOf(propertyNameOf(option)) === undefined;
  const count = (isObject(brokers) ? brokers['count'] : undefined) ?? optionSchema.brokers.fields.count.default;
  const kept = (): Members => ({
    ...stored.options.kafka,
    ...moreBrokersKeepReplication(stored.options, { count, given: given ?? {} }, definitions),
  });
  const merged = { ...(replace ? {} : kept()), ...given };
  return Object.fromEntries(Object.entries(merged).filter(([option, value]) => value !== null || !isUsers(option)));
}

function isObject(given: unknown): given is Members {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
