import type { AwsEvent } from '../core/service.ts';
import type { ExecutionHeader } from './execution-journal.ts';
import type { ExecutionState, ExecutionStatus } from './interpreter/execution-state.ts';

/** Input and output travel in the event only together below this. Source: Step Functions developer guide, EventBridge. */
const dataLimitBytes = 248 * 1024;

/** The event 'Step Functions Execution Status Change' of a status that an execution reached. */
export function statusEvent(header: ExecutionHeader, status: ExecutionStatus, state: ExecutionState): AwsEvent {
  const isClosed = status !== 'RUNNING';
  const { input } = header;
  const output = isClosed ? (state.output ?? null) : null;
  const included = Buffer.byteLength(input) + Buffer.byteLength(output ?? '') <= dataLimitBytes;
  return {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [header.executionArn],
    time: isClosed ? (state.stoppedAt ?? header.startedAt) : header.startedAt,
    detail: {
      executionArn: header.executionArn,
      stateMachineArn: header.stateMachineArn,
      name: header.name,
      status,
      startDate: header.startedAt,
      stopDate: isClosed ? (state.stoppedAt ?? null) : null,
      input: included ? input : null,
      output: included ? output : null,
      inputDetails: { included },
      outputDetails: output === null ? null : { included },
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus: isClosed ? 'NOT_REDRIVABLE' : null,
      redriveStatusReason: null,
      error: isClosed ? (state.error ?? null) : null,
      cause: isClosed ? (state.cause ?? null) : null,
    },
  };
}
