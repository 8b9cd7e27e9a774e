// Writes lib/model/kafka/definitions-<version>.ts of every supported version from what ConfigDump.java prints: the newest
// version whole, each older one as what differs from the next newer one, for the functions carry all of them.
// Usage: node scripts/kafka-config/write-definitions.mjs [folder with kafka-<version>/libs, default .warden/opt]
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownershipOf } from '../../lib/model/kafka/owned-property.ts';
import { kafkaVersionOf } from '../../lib/model/service/config.ts';
import { supportedPackageVersions } from '../../lib/model/service/package-version.ts';

const longestDescription = 72;
const optFolder = process.argv[2] ?? '.warden/opt';

const newestFirst = supportedPackageVersions.map(kafkaVersionOf).reverse();
const dumped = newestFirst.map((version) => dump(version));
for (const [index, version] of newestFirst.entries()) {
  const [definitions, newer] = [dumped[index], dumped[index - 1]];
  const source =
    newer === undefined ? wholeModule(version, definitions) : differenceModule(version, definitions, newer);
  writeFileSync(new URL(`../../lib/model/kafka/definitions-${version}.ts`, import.meta.url), source);
}

/** The definitions of one version by name. */
function dump(version) {
  const classPath = join(optFolder, `kafka-${version}`, 'libs', '*');
  const program = join(import.meta.dirname, 'ConfigDump.java');
  const printed = execFileSync('java', ['-cp', classPath, program], { encoding: 'utf8', maxBuffer: 2 ** 24 });
  const { kafkaVersion, properties } = JSON.parse(printed);
  if (kafkaVersion !== version) throw new Error(`${classPath} holds Kafka ${kafkaVersion}, expected ${version}`);
  return new Map(properties.map((property) => [property.name, definition(property)]));
}

function wholeModule(version, definitions) {
  return `${banner(version)}
import type { KafkaDefinition } from './definition.ts';

/** Every public broker property of Kafka ${version}. */
export const definitions${digits(version)}: readonly KafkaDefinition[] = [
${rows([...definitions.values()])}];
`;
}

/** A text that alone was reworded is no difference. */
function differenceModule(version, definitions, newer) {
  const absent = [...newer.keys()].filter((name) => !definitions.has(name));
  const other = [...definitions.values()].filter((each) => !isSame(each, newer.get(each.name)));
  return `${banner(version)}
import type { DefinitionDifferences } from './definition.ts';

/** How the public broker properties of Kafka ${version} differ from those of the next newer supported version. */
export const differences${digits(version)}: DefinitionDifferences = {
  absent: [
${absent.map((name) => `    ${quoted(name)},\n`).join('')}  ],
  other: [
${rows(other).replace(/^/gm, '  ').trimEnd()}
  ],
};
`;
}

function banner(version) {
  return `// biome-ignore-all format: one property per line reads as a table
// Written by scripts/kafka-config/write-definitions.mjs from the ConfigDef of Kafka ${version}.`;
}

function digits(version) {
  return version.replaceAll('.', '');
}

function rows(definitions) {
  return definitions.map((each) => `  ${literal(each)},\n`).join('');
}

function isSame(one, other) {
  return other !== undefined && literal({ ...one, description: '' }) === literal({ ...other, description: '' });
}

/** Users never give a value to a property of Warden's own, so what it may be is left out. */
function definition(property) {
  const isSettable = ownershipOf(property.name) === undefined;
  return {
    name: property.name,
    type: property.type.toLowerCase(),
    ...(property.default == null ? {} : { default: property.default }),
    ...(isSettable ? constraint(property.validator, property.name) : {}),
    ...(isSettable && property.nonEmpty ? { nonEmpty: true } : {}),
    ...(property.updateMode === 'read-only' ? {} : { updateMode: property.updateMode }),
    ...(isSettable ? { description: describe(property.documentation) } : {}),
  };
}

/** Kafka prints its validators in a small grammar; a form that is not known here must not pass unseen. */
function constraint(validator, name) {
  if (validator === undefined || validator === '' || validator === 'non-null string' || validator === 'non-empty list')
    return {};
  if (validator === 'non-empty string') return { nonEmpty: true };
  const range = /^\[(-?[\d.]+),\.\.\.(?:,(-?[\d.]+))?\](?: or (-?\d+))?$/.exec(validator);
  if (range) {
    const [, least, most, also] = range;
    return {
      least: Number(least),
      ...(most === undefined ? {} : { most: Number(most) }),
      ...(also === undefined ? {} : { also: Number(also) }),
    };
  }
  const choice = /^(\(case insensitive\) )?\[([\w-]+(?:, [\w-]+)*)\]$/.exec(validator);
  if (choice) return { oneOf: choice[2].split(', '), ...(choice[1] ? { ignoresCase: true } : {}) };
  throw new Error(`unknown validator of ${name}: ${validator}`);
}

/** The first sentence as plain text; Kafka's full text is on its site. */
function describe(documentation) {
  const plain = documentation
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const sentence = plain.match(/^.*?\.(?=\s|$)/)?.[0] ?? plain;
  const whole = sentence.replace(/\.$/, '');
  return whole.length <= longestDescription ? whole : `${whole.slice(0, longestDescription).replace(/\s+\S*$/, '')} …`;
}

function literal(value) {
  const members = Object.entries(value).map(([key, member]) => `${key}: ${quoted(member)}`);
  return `{ ${members.join(', ')} }`;
}

function quoted(value) {
  if (Array.isArray(value)) return `[${value.map(quoted).join(', ')}]`;
  return typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : String(value);
}
