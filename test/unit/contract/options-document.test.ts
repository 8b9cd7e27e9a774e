import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openApiDocument } from '../../../lib/contract/openapi.ts';
import { supportedPackageVersions } from '../../../lib/model/service/package-version.ts';
import { resolveOptions } from '../../../lib/model/service/resolve-options.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'options.md'), 'utf8');
const [options = '', refused = ''] = page.split('## Options of the guides that are refused');

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly default?: unknown;
  readonly additionalProperties?: unknown;
}

const document = JSON.parse(JSON.stringify(openApiDocument()));
const schema: Schema = document.components.schemas.InstallRequest.properties.options;

/** Path and schema of each single option but Kafka's own. */
function leaves(of: Schema, path: readonly string[] = []): readonly (readonly [string, Schema])[] {
  return Object.entries(of.properties ?? {}).flatMap(([name, member]) =>
    member.properties === undefined ? [[[...path, name].join('.'), member] as const] : leaves(member, [...path, name]),
  );
}

/** A document with one option. */
function documentOf(path: string, value: unknown): unknown {
  return path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

describe('the page on the options', () => {
  const single = leaves(schema).filter(([path]) => path !== 'kafka');

  test('has each option of the API with its default', () => {
    expect(single.length).toBe(40);
    const rows = single.map(([path, { default: value }]) => {
      return `| \`${path}\` | ${value === undefined ? '–' : `\`${value}\``} |`;
    });
    expect(rows.filter((row) => !options.includes(row))).toEqual([]);
  });

  test('has no option that the API does not have', () => {
    const rows = [...options.matchAll(/^\| `((?:service|brokers|controllers)\.[\w.]+)` \|/gm)].map(([, path]) => path);
    expect([...rows].sort()).toEqual(single.map(([path]) => path).sort());
  });

  test('names every refused option of the guides, and each is refused with a reason in every version', () => {
    const named = [...refused.matchAll(/`((?:service|brokers|kafka)\.\w+|executor)`/g)]
      .flatMap(([, path]) => path ?? [])
      .filter((path) => !single.some(([option]) => option === path));
    expect(named.length).toBeGreaterThan(38);
    for (const version of supportedPackageVersions) {
      const accepted = named.filter((path) => resolveOptions(documentOf(path, 1), version).type === 'resolved');
      const unexplained = named.filter((path) => {
        const result = resolveOptions(documentOf(path, 1), version);
        return (
          result.type === 'resolved' || !result.refusals.some(({ message }) => message.includes('cannot be set: '))
        );
      });
      // Kafka 3.9 still has this one, and it works there.
      const known = version === '1.0.0-3.9.2' ? ['kafka.offsets_commit_required_acks'] : [];
      expect({ version, accepted, unexplained }).toEqual({ version, accepted: known, unexplained: known });
    }
  });
});

describe('the schema of the options document', () => {
  const schemaOf = new Map(leaves(schema));

  test('offers choices with their default, and both forms of a constraint', () => {
    expect(schemaOf.get('controllers.mode')).toMatchObject({ type: 'string', enum: ['dedicated', 'combined'] });
    expect(schemaOf.get('service.placement_strategy')).toMatchObject({ enum: ['ANY', 'NODE'], default: 'NODE' });
    expect(schemaOf.get('service.deploy_strategy')).toMatchObject({
      enum: ['serial', 'parallel', 'serial-canary', 'parallel-canary'],
      default: 'serial',
    });
    expect(schemaOf.get('service.placement_constraint')).toMatchObject({
      default: '[["hostname","MAX_PER","1"]]',
      anyOf: [{ type: 'string' }, { type: 'array' }],
    });
    expect(schemaOf.get('brokers.kill_grace_period')).toMatchObject({
      minimum: 300,
      maximum: 3600,
      'x-unit': 'seconds',
    });
  });

  test('has defaults that are taken', () => {
    for (const [path, { default: value }] of schemaOf) {
      if (path === 'kafka') continue;
      expect({ path, type: resolveOptions(documentOf(path, value), '1.0.0-4.3.1').type }).toEqual({
        path,
        type: 'resolved',
      });
    }
  });
});
