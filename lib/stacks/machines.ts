import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine, DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { FunctionName } from './function-table.ts';
import { createLogGroup } from './log-group.ts';
import { executionArns, type MachineName, machineArn, machineFullName, machineNames } from './machine-table.ts';

/** Props of Machines. */
export interface MachinesProps {
  /** Folder of the definitions: `<folder>/<machine>.asl.json`. */
  readonly definitions: string;
  readonly functions: Readonly<Record<FunctionName, IFunction>>;
}

/**
 * The state machines. A definition names what it calls as `${StepsAws}` or `${Broker}`;
 * its machine may call exactly that.
 */
export class Machines extends Construct {
  readonly byName: Readonly<Record<MachineName, StateMachine>>;

  constructor(scope: Construct, id: string, props: MachinesProps) {
    super(scope, id);
    const logGroup = createLogGroup(this, 'Logs', { root: '/aws/vendedlogs/states', name: 'machines' });
    const create = (machine: MachineName) => this.createMachine(machine, props, logGroup);
    this.byName = {
      deploy: create('deploy'),
      update: create('update'),
      broker: create('broker'),
      recover: create('recover'),
      replace: create('replace'),
      restart: create('restart'),
      pause: create('pause'),
      reconcile: create('reconcile'),
      hibernate: create('hibernate'),
      resume: create('resume'),
      uninstall: create('uninstall'),
    };
  }

  private createMachine(machine: MachineName, props: MachinesProps, logGroup: LogGroup): StateMachine {
    const stack = Stack.of(this);
    const definition = readFileSync(join(props.definitions, `${machine}.asl.json`), 'utf8');
    const callees = calleesOf(machine, definition, props.functions);
    const stateMachine = new StateMachine(this, machine, {
      stateMachineName: machineFullName(stack, machine),
      definitionBody: DefinitionBody.fromString(definition),
      definitionSubstitutions: Object.fromEntries(
        callees.map((callee) => [
          callee.name,
          callee.type === 'function' ? callee.handler.functionArn : machineArn(stack, callee.machine),
        ]),
      ),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ERROR, includeExecutionData: false },
    });
    showStates(stateMachine, definition);
    for (const callee of callees) {
      const statements =
        callee.type === 'function' ? [mayInvoke(callee.handler)] : mayRunToItsEnd(stack, callee.machine);
      for (const statement of statements) stateMachine.addToRolePolicy(statement);
    }
    return stateMachine;
  }
}

/**
 * As an object, not as the string or the asset that CDK makes of it: only then a deployment's diff shows
 * which field of which state changes.
 */
function showStates(stateMachine: StateMachine, definition: string): void {
  const resource = stateMachine.node.defaultChild;
  assert(resource instanceof CfnStateMachine);
  resource.definition = JSON.parse(definition);
  resource.definitionString = undefined;
}

type Callee =
  | { readonly type: 'function'; readonly name: string; readonly handler: IFunction }
  | { readonly type: 'machine'; readonly name: string; readonly machine: MachineName };

/** What stands in `${…}` in a definition. */
function calleesOf(machine: MachineName, definition: string, functions: MachinesProps['functions']): readonly Callee[] {
  const names = [...new Set(Array.from(definition.matchAll(/\$\{([^}]*)\}/g), (match) => match[1] ?? ''))].sort();
  return names.map((name): Callee => {
    const handler = Object.entries(functions).find(([functionName]) => functionName === name)?.[1];
    if (handler !== undefined) return { type: 'function', name, handler };
    const child = machineNames.find(
      (candidate) => `${candidate.charAt(0).toUpperCase()}${candidate.slice(1)}` === name,
    );
    if (child !== undefined) return { type: 'machine', name, machine: child };
    throw new Error(
      `statemachines/${machine}.asl.json calls \${${name}}, which is neither a function nor a machine of this stack`,
    );
  });
}

function mayInvoke(handler: IFunction): PolicyStatement {
  return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] });
}

/**
 * `startExecution.sync:2` starts the child, learns of its end by a rule that Step Functions itself keeps, and stops it
 * when the parent is stopped. Source: Step Functions developer guide, IAM policies for nested executions.
 */
function mayRunToItsEnd(stack: Stack, child: MachineName): readonly PolicyStatement[] {
  const rule = stack.formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
  });
  return [
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [machineArn(stack, child)] }),
    new PolicyStatement({
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [executionArns(stack, child)],
    }),
    new PolicyStatement({ actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'], resources: [rule] }),
  ];
}
