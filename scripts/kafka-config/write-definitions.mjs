// Turns what ConfigDump.java printed into lib/model/kafka/definitions-<version>.ts.
// Usage: java -cp '<kafka>/libs/*' scripts/kafka-config/ConfigDump.java | node scripts/kafka-config/write-definitions.mjs
import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const longestDescription = 100;

const { kafkaVersion, properties } = JSON.parse(await text(process.stdin));
const rows = properties.map((property) => `  ${literal(definition(property))},\n`).join('');
const file = new URL(`../../lib/model/kafka/definitions-${kafkaVersion}.ts`, import.meta.url);
writeFileSync(
  file,
  `// biome-ignore-all format: one property per line reads as a table
// Written by scripts/kafka-config/write-definitions.mjs from the ConfigDef of Kafka ${kafkaVersion}.
import type { KafkaDefinition } from './definition.ts';

/** Every public broker property of Kafka ${kafkaVersion}. */
export const definitions${kafkaVersion.replaceAll('.', '')}: readonly KafkaDefinition[] = [
${rows}];
`,
);

function definition(property) {
  return {
    name: property.name,
    type: property.type.toLowerCase(),
    ...(property.default == null ? {} : { default: property.default }),
    ...constraint(property.validator, property.name),
    ...(property.nonEmpty ? { nonEmpty: true } : {}),
    ...(property.updateMode === 'read-only' ? {} : { updateMode: property.updateMode }),
    description: describe(property.documentation),
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
