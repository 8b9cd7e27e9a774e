import { join } from 'node:path';
import type { Cloud, LocalService } from '../core/service.ts';
import { askForTracing } from './check-role.ts';
import { DefinitionStore } from './definition-store.ts';
import { ExecutionIndex } from './execution-index.ts';
import { type AppendText, appendText } from './execution-journal.ts';
import { createExecutionHandlers } from './execution-operations.ts';
import { Executions } from './executions.ts';
import { callerOf } from './integrations/call-service.ts';
import { type Clock, systemClock } from './interpreter/clock.ts';
import { createLogDelivery } from './log-delivery.ts';
import { createMachineHandlers } from './machine-operations.ts';
import { loggingOf, Machines, openMachineRecords } from './machines.ts';
import type { StateMachine } from './state-machine.ts';
import { createTagHandlers } from './tag-operations.ts';
import { createTokenHandlers } from './token-operations.ts';

/** What tests and simulations put in the place of the machine's own. */
export interface StepfunctionsOptions {
  readonly clock?: Clock;
  readonly append?: AppendText;
}

/**
 * The local Step Functions. Executions live in journals below the cloud's data folder and go on after a kill -9;
 * what is done and what is refused stands in FEATURES.md.
 */
export function createStepfunctionsService(cloud: Cloud, options: StepfunctionsOptions = {}): LocalService {
  const { clock = systemClock, append = appendText } = options;
  const folder = join(cloud.dataFolder, 'stepfunctions');
  const records = openMachineRecords(folder);
  const definitions = new DefinitionStore(join(folder, 'definitions'));
  const logs = createLogDelivery(cloud, (stateMachineArn) => loggingOf(records, stateMachineArn));
  const executions = new Executions({ cloud, index: new ExecutionIndex(folder), definitions, clock, logs, append });
  const machines = new Machines({ cloud, records, definitions, executions, clock });
  const started = ({ tracingConfiguration, roleArn }: StateMachine): void => {
    if (tracingConfiguration.enabled === true) void askForTracing(cloud, callerOf(roleArn));
  };
  return {
    name: 'sfn',
    handlers: {
      ...createMachineHandlers(cloud, machines),
      ...createExecutionHandlers({ machines, executions, definitions, clock, started }),
      ...createTokenHandlers(executions),
      ...createTagHandlers(machines),
    },
    start: async () => {
      executions.resume();
      await machines.resume();
    },
    stop: async () => {
      executions.halt();
      await logs.settled();
    },
  };
}
