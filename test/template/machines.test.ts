import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { spell } from './spell.ts';
import { repository, resourcesOf, synthesize } from './synthesize.ts';

let template: Template;

beforeAll(() => {
  template = synthesize();
});

const machine = (name: string) =>
  resourcesOf(template, 'AWS::StepFunctions::StateMachine').find(
    ({ Properties }) => Properties.StateMachineName === `Warden-${name}`,
  )?.Properties;

const machines = [
  ...['deploy', 'update', 'broker', 'recover', 'replace', 'restart', 'pause', 'reconcile'],
  ...['hibernate', 'resume', 'uninstall'],
];

describe('state machines', () => {
  test('are named after the stack', () => {
    const names = resourcesOf(template, 'AWS::StepFunctions::StateMachine').map(
      ({ Properties }) => Properties.StateMachineName,
    );

    expect(names.sort()).toEqual(machines.map((name) => `Warden-${name}`).sort());
  });

  test.each(machines)('%s stands in the template state by state, so that a diff shows what changes', (name) => {
    expect(machine(name).DefinitionString).toBeUndefined();
    expect(machine(name).Definition).toEqual(
      JSON.parse(readFileSync(join(repository, `statemachines/${name}.asl.json`), 'utf8')),
    );
  });

  test.each(machines)('%s calls only what exists: each substitution resolves', (name) => {
    const { Definition, DefinitionSubstitutions } = machine(name);
    const targets: Record<string, string> = {
      StepsAws: '<StepsAws>',
      StepsUpkeep: '<StepsUpkeep>',
      StepsEc2: '<StepsEc2>',
      StepsKafka: '<StepsKafka>',
      Broker: 'states stateMachine:Warden-broker',
    };
    const callees: string[] = Array.from(
      JSON.stringify(Definition).matchAll(/\$\{([^}]*)\}/g),
      ([, callee]) => callee ?? '',
    );
    const unresolved = callees.filter((callee) => DefinitionSubstitutions[callee] === undefined);

    expect(callees).not.toEqual([]);
    expect(unresolved).toEqual([]);
    for (const [callee, target] of Object.entries(DefinitionSubstitutions)) {
      expect(spell(template, target)).toBe(targets[callee]);
    }
  });

  test.each(machines)('%s logs its errors, without data, and traces', (name) => {
    expect(machine(name).LoggingConfiguration).toMatchObject({ Level: 'ERROR', IncludeExecutionData: false });
    expect(machine(name).TracingConfiguration).toEqual({ Enabled: true });
  });

  test('are known to functions by what their ARNs begin with', () => {
    const prefixes = resourcesOf(template, 'AWS::Lambda::Function')
      .map(({ Properties }) => Properties.Environment.Variables.WARDEN_MACHINE_PREFIX)
      .filter((prefix) => prefix !== undefined)
      .map((prefix) => spell(template, prefix));

    expect(prefixes).toEqual(Array.from({ length: 7 }, () => 'states stateMachine:Warden-'));
  });
});
