import { type NodeStepHandlerPorts, runNodeStep } from './node-step-handler.ts';
import { checkPayload, pick, type StepFunction, type StepTable } from './step-table.ts';

/** Runs whichever step of the table a payload names: steps of nodes with their waiting reasons, those of services plainly. */
export function createStepHandler(ports: NodeStepHandlerPorts, { nodeSteps, serviceSteps }: StepTable): StepFunction {
  return (payload) => {
    const nodeStep = nodeSteps[payload.step];
    if (nodeStep !== undefined) return runNodeStep(ports, nodeStep, checkPayload(payload));
    return pick(serviceSteps, payload.step)(payload);
  };
}
