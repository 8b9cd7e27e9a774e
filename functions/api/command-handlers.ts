import type { Operation } from '../../lib/contract/route.ts';
import { hibernateService, resumeService } from '../../lib/operations/hibernate-service.ts';
import type { ApiPorts } from '../../lib/operations/install-service.ts';
import { commandBlocks, commandBlocksByQuery } from './blocks.ts';
import { commandPlan, startPlan, stopPlan } from './commands.ts';
import type { ApiHandler } from './create-api.ts';
import { fence } from './hosts.ts';
import { pausePod, replacePod, restartBroker, restartPod, resumePod } from './pods.ts';
import { sleepService } from './sleep.ts';
import { adoptPod, proveStopOfPod } from './truth.ts';

/** The operations of group `commands`. */
export function commandHandlers(ports: ApiPorts): Partial<Record<Operation, ApiHandler>> {
  return {
    startPlan: startPlan(ports),
    stopPlan: stopPlan(ports),
    continuePlan: commandPlan(ports, 'continue'),
    interruptPlan: commandPlan(ports, 'interrupt'),
    forceCompletePlan: commandPlan(ports, 'forceComplete'),
    restartPlan: commandPlan(ports, 'restart'),
    commandBlocks: commandBlocksByQuery(ports),
    continueBlocks: commandBlocks(ports, 'continue'),
    interruptBlocks: commandBlocks(ports, 'interrupt'),
    forceCompleteBlocks: commandBlocks(ports, 'forceComplete'),
    restartBlocks: commandBlocks(ports, 'restart'),
    restartBroker: restartBroker(ports),
    restartPod: restartPod(ports),
    replacePod: replacePod(ports),
    pausePod: pausePod(ports),
    resumePod: resumePod(ports),
    adoptPod: adoptPod(ports),
    proveStop: proveStopOfPod(ports),
    fenceHost: fence(ports),
    hibernateService: sleepService(ports, hibernateService),
    resumeService: sleepService(ports, resumeService),
  };
}
