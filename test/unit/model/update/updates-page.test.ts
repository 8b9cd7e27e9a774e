import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { changeRules } from '../../../../lib/model/service/update/change-rules.ts';
import { refusedUpdates } from '../../../support/refused-updates.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const text = (...path: readonly string[]) => readFileSync(join(root, ...path), 'utf8');
const folder = 'lib/model/service/update';

describe('the page on updates', () => {
  const page = text('docs', 'updates.md');

  test('names each option that a service has for life as such', () => {
    const rows = page.split('\n').filter((row) => row.startsWith('| `') && row.endsWith('| yes |'));
    const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([\w.]+)`/g)].map(([, name]) => name));
    const lasting = changeRules.flatMap((rule) => rule.lasting.map((pointer) => pointer.slice(1).replaceAll('/', '.')));
    const notInTheDocument = ['packageVersion', 'service.placement_strategy'];
    expect(named.sort()).toEqual([...lasting, ...notInTheDocument].sort());
  });

  test('shows sentences that the API says', () => {
    const shown = page.split('\n').filter((line) => /^(Field|Validation error)/.test(line));
    const said = refusedUpdates.flatMap(({ inBlocks, inSteps }) => [...inBlocks, ...inSteps]);
    expect(shown).toHaveLength(3);
    expect(shown.filter((line) => !said.includes(line))).toEqual([]);
  });
});

describe('each rule over changes', () => {
  test('is in force', () => {
    const files = readdirSync(join(root, folder, 'rules'));
    expect(files.length).toBeGreaterThan(10);
    const users = text(folder, 'change-rules.ts') + text(folder, 'resolve-update.ts');
    expect(files.filter((file) => !users.includes(`./rules/${file}`))).toEqual([]);
  });
});
