import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/** House rules that no linter has. */
const repository = join(import.meta.dirname, '..', '..');
const files = execFileSync('git', ['ls-files'], { cwd: repository, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(repository, file)));
const text = (file: string): string => readFileSync(join(repository, file), 'utf8');
const sources = files.filter((file) => /^(lib|functions|cli|local|test|scripts)\/.*\.(ts|mjs)$/.test(file));
const foldersOf = (folder: string): readonly string[] =>
  readdirSync(join(repository, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);

/** Data and schemas of somebody else's are as long as they are. */
const isData = (file: string): boolean => /definitions-\d|\.generated\./.test(file);

describe('the core', () => {
  test('takes time, chance and surroundings as parameters only', () => {
    const core = sources.filter((file) => /^lib\/(model|operations)\//.test(file));
    expect(core.length).toBeGreaterThan(50);
    expect(
      core.filter((file) => /Date\.now|new Date\(\)|Math\.random|randomUUID|process\.env/.test(text(file))),
    ).toEqual([]);
  });
});

describe('each folder of lib', () => {
  test('stands in the layer table', () => {
    const { forbidden } = createRequire(import.meta.url)(join(repository, '.dependency-cruiser.cjs')) as {
      forbidden: readonly { readonly name: string }[];
    };
    const layers = forbidden.map(({ name }) => name.replace('-imports-only-its-layers', ''));
    for (const folder of foldersOf('lib')) expect(layers).toContain(folder);
  });
});

describe('each file', () => {
  test('of the product and its local cloud has 300 lines at most', () => {
    const product = sources.filter((file) => !file.startsWith('test/') && !isData(file));
    expect(product.filter((file) => text(file).split('\n').length > 301)).toEqual([]);
  });

  test('is named in kebab-case', () => {
    const named = sources.map((file) => file.split('/').at(-1) ?? '');
    expect(named.filter((name) => !/^[a-z0-9.-]+\.(ts|mjs)$/.test(name))).toEqual([]);
    expect(named.filter((name) => /^(utils?|helpers?|common|misc|manager)\./.test(name))).toEqual([]);
  });

  test('names no folder of one machine and no registry of packages', () => {
    // Written in parts, so that this file does not name them itself.
    const machine = new RegExp(`(^|[\\s'"\`(=:])/(${['work', 'home', 'Users'].join('|')})/\\w`);
    const registries = new RegExp(
      ['registry\\.npm' + 'js', 'repo1?\\.maven' + '\\.(org|apache)', 'py' + 'pi\\.org/simple'].join('|'),
    );
    const isText = (file: string) => !/\.(png|ico|woff2?|jar|zip)$/.test(file);
    const found = files.filter(isText).filter((file) => machine.test(text(file)) || registries.test(text(file)));
    expect(found).toEqual([]);
  });
});

describe('each service of the local cloud', () => {
  const services = foldersOf('local').filter((folder) => {
    const file = `${folder}/service.ts`;
    return existsSync(join(repository, file)) && /export function create\w+Service\b/.test(text(file));
  });

  test('has a list of what it does, and the list of all leads there', () => {
    const all = text('local/FEATURES.md');
    expect(services.length).toBeGreaterThan(5);
    for (const folder of services) {
      const list = `${folder}/FEATURES.md`;
      expect({ list, isThere: existsSync(join(repository, list)) }).toEqual({ list, isThere: true });
      expect(all).toContain(list.replace('local/', ''));
    }
  });
});
