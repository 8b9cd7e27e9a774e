import { resourceFault } from './integrations/integration-table.ts';
import type { Machine, Program } from './interpreter/definition.ts';
import type { Diagnostic } from './interpreter/diagnostic.ts';
import { parseDefinition } from './interpreter/parse-definition.ts';
import { parseTaskResource } from './interpreter/task-resource.ts';

/** All that is wrong with a definition, its resources included; empty when it can run here. */
export async function inspectDefinition(definition: string): Promise<readonly Diagnostic[]> {
  const parsed = parseDefinition(definition);
  return parsed.type === 'invalid' ? parsed.diagnostics : resourceDiagnostics(parsed.machine);
}

async function resourceDiagnostics(machine: Machine): Promise<Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  for (const { name, resource } of resourcesOf(machine)) {
    const parsed = parseTaskResource(resource);
    const fault = parsed === undefined ? 'its form is not known' : await resourceFault(parsed);
    if (fault === undefined) continue;
    const message = `The resource provided '${resource}' of '${name}' is not recognized: ${fault}.`;
    diagnostics.push({
      severity: 'ERROR',
      code: 'SCHEMA_VALIDATION_FAILED',
      message,
      location: `/States/${name}/Resource`,
    });
  }
  return diagnostics;
}

function resourcesOf(program: Program): { name: string; resource: string }[] {
  return Object.entries(program.States).flatMap(([name, state]) => {
    switch (state.Type) {
      case 'Task':
        return [{ name, resource: state.Resource }];
      case 'Map':
        return resourcesOf(state.ItemProcessor);
      case 'Parallel':
        return state.Branches.flatMap(resourcesOf);
      default:
        return [];
    }
  });
}
