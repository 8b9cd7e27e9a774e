import type { StackRecord } from '../records.ts';
import { resolve } from '../template/intrinsics.ts';
import { isJsonList, isJsonObject, type Json } from '../template/json.ts';
import type { Engine } from './engine.ts';
import { type EvaluatedConfiguration, evaluateConfiguration } from './evaluate-configuration.ts';

/** An export of a stack that another stack imports. */
export interface ExportInUse {
  readonly name: string;
  readonly importer: string;
}

/** The exports of a stack, beside those that stay as they are, that other stacks import. */
export async function findExportsInUse(
  engine: Engine,
  stack: StackRecord,
  staying: Readonly<Record<string, string>>,
): Promise<readonly ExportInUse[]> {
  const leaving = stack.outputs.flatMap(({ exportName, value }) =>
    exportName === undefined || staying[exportName] === value ? [] : [exportName],
  );
  if (leaving.length === 0) return [];
  const others = engine.store.stacks().filter(({ id, status }) => id !== stack.id && status !== 'DELETE_COMPLETE');
  const imports = await Promise.all(others.map((other) => importsOf(engine, other)));
  return imports.flatMap((names, index) =>
    leaving.filter((name) => names.has(name)).map((name) => ({ name, importer: others[index]?.name ?? '' })),
  );
}

async function importsOf(engine: Engine, stack: StackRecord): Promise<ReadonlySet<string>> {
  const configuration = stack.deployed ?? stack.operation?.target;
  if (configuration === undefined) return new Set();
  const evaluated = await evaluateConfiguration(engine, stack, configuration);
  const names = new Set<string>();
  for (const logicalId of evaluated.dependencies.keys())
    collect(evaluated.template.resources[logicalId]?.properties ?? {}, evaluated, names);
  for (const { value } of Object.values(evaluated.template.outputs)) collect(value, evaluated, names);
  return names;
}

/** The name of an import may be made from parameters, never from resources. */
function collect(value: Json, evaluated: EvaluatedConfiguration, names: Set<string>): void {
  if (isJsonList(value)) for (const item of value) collect(item, evaluated, names);
  if (!isJsonObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'Fn::ImportValue')
      names.add(
        String(
          resolve(
            member,
            evaluated.scope(() => undefined),
          ),
        ),
      );
    else collect(member, evaluated, names);
  }
}
