import { isJsonList, isJsonObject, type Json, soleMember } from './json.ts';
import { variablesOf } from './substitute.ts';
import type { Template } from './template.ts';
import { validationError } from './validation-error.ts';

/** Of each resource that the conditions let exist, the resources that it must come after. */
export function dependenciesOf(
  template: Template,
  conditions: Readonly<Record<string, boolean>>,
): ReadonlyMap<string, readonly string[]> {
  const present = Object.entries(template.resources).filter(([, resource]) => isPresent(resource, conditions));
  const names = new Set(present.map(([logicalId]) => logicalId));
  const graph = new Map(
    present.map(([logicalId, resource]) => {
      const found = new Set(resource.dependsOn);
      collect(resource.properties, conditions, found);
      for (const name of resource.dependsOn) checkExists(template, name);
      return [logicalId, [...found].filter((name) => names.has(name))] as const;
    }),
  );
  refuseCycles(graph);
  return graph;
}

/** Whether the condition of a resource or output holds, or it has none. */
export function isPresent(
  item: { readonly condition?: string },
  conditions: Readonly<Record<string, boolean>>,
): boolean {
  return item.condition === undefined || conditions[item.condition] === true;
}

function checkExists(template: Template, name: string): void {
  if (template.resources[name] === undefined)
    throw validationError(
      `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
    );
}

function collect(value: Json, conditions: Readonly<Record<string, boolean>>, found: Set<string>): void {
  if (isJsonList(value)) for (const item of value) collect(item, conditions, found);
  if (!isJsonObject(value)) return;
  const [name, argument] = soleMember(value) ?? ['', null];
  if (name === 'Ref') found.add(String(argument));
  else if (name === 'Fn::GetAtt')
    found.add(isJsonList(argument) ? String(argument[0]) : (String(argument).split('.')[0] ?? ''));
  else if (name === 'Fn::If' && isJsonList(argument)) {
    collect((conditions[String(argument[0])] ? argument[1] : argument[2]) ?? null, conditions, found);
  } else {
    if (name === 'Fn::Sub') collectVariables(argument, found);
    for (const member of Object.values(value)) collect(member, conditions, found);
  }
}

function collectVariables(argument: Json, found: Set<string>): void {
  const text = isJsonList(argument) ? argument[0] : argument;
  const own = isJsonList(argument) && isJsonObject(argument[1]) ? argument[1] : {};
  for (const variable of variablesOf(String(text)))
    if (own[variable] === undefined) found.add(variable.split('.')[0] ?? '');
}

/** Takes away, round by round, what waits for nothing more; what is left waits for itself. */
function refuseCycles(graph: ReadonlyMap<string, readonly string[]>): void {
  const left = new Map(graph);
  for (;;) {
    const free = [...left.keys()].filter((name) => !(left.get(name) ?? []).some((other) => left.has(other)));
    if (free.length === 0) break;
    for (const name of free) left.delete(name);
  }
  if (left.size > 0)
    throw validationError(`Circular dependency between resources: [${[...left.keys()].sort().join(', ')}]`);
}
