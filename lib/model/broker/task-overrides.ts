import type { RunTaskRequest } from './run-task-request.ts';

/** ECS takes no more characters of a task's overrides, JSON's own included. */
const maxOverridesLength = 8192;

/** The overrides of a RunTask call, in ECS's words: all that changes from one start of a node to the next. */
export function taskOverrides(request: RunTaskRequest) {
  return {
    containerOverrides: [
      {
        name: request.containerName,
        ...(request.command === undefined ? {} : { command: [...request.command] }),
        environment: Object.entries(request.environment).map(([name, value]) => ({ name, value })),
        cpu: request.cpuUnits,
        memoryReservation: request.memoryReservationMiB,
      },
    ],
  };
}

/** How many characters of a request's overrides are too many for ECS; 0 when they fit. */
export function excessOfOverrides(request: RunTaskRequest): number {
  return Math.max(0, JSON.stringify(taskOverrides(request)).length - maxOverridesLength);
}
