/**
 * What operators have said about the walk of a plan. Writer: API operations, each on the revision that it read.
 * Absent = nothing was said.
 */
export interface PlanSteering {
  readonly service: string;
  readonly planId: string;
  /** Rises by one with each write. */
  readonly revision: number;
  /** No further step of the plan begins. */
  readonly isInterrupted: boolean;
  /** Ids of the phases of which no further step begins. */
  readonly interruptedPhases: readonly string[];
  /** How many of its two decision points each canary phase has passed. */
  readonly passed: readonly { readonly phaseId: string; readonly decisionPoints: 1 | 2 }[];
  /** Ids of the steps that count as complete, whatever became of them. */
  readonly forced: readonly string[];
  /** How often an operator had each step done again, and who did last. */
  readonly restarts: readonly { readonly stepId: string; readonly times: number; readonly requestedBy: string }[];
}
