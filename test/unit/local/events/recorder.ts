import { EventEmitter, once } from 'node:events';
import type { AwsError } from '../../../../local/core/aws-error.ts';
import type { ServiceFactory } from '../../../../local/core/create-cloud.ts';

/** What a recording service was called with. */
export interface Recorded {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly principal: string;
}

/** Lambda and Step Functions that only record, and refuse when they are told to. */
export interface Recorder {
  readonly services: readonly ServiceFactory[];
  readonly calls: readonly Recorded[];
  /** The next calls are refused with these errors, one each. */
  readonly refuseNext: (...errors: AwsError[]) => void;
  /** Resolves with the calls, refused ones included, when there are at least so many. */
  readonly callsOf: (count: number) => Promise<readonly Recorded[]>;
}

const POLICY = {
  Version: '2012-10-17',
  Id: 'default',
  Statement: [
    {
      Sid: 'events',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: '*',
      Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:us-east-1:000000000000:rule/allowed*' } },
    },
  ],
};

export function createRecorder(): Recorder {
  const calls: Recorded[] = [];
  const refusals: AwsError[] = [];
  const news = new EventEmitter();
  const record =
    (operation: string, answer: object) =>
    (input: Record<string, unknown>, context: { caller: { principalArn: string } }) => {
      calls.push({ operation, input, principal: context.caller.principalArn });
      news.emit('call');
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      return answer;
    };
  return {
    services: [
      () => ({
        name: 'lambda',
        handlers: {
          GetPolicy: () => ({ Policy: JSON.stringify(POLICY) }),
          Invoke: record('Invoke', { StatusCode: 202 }),
        },
      }),
      () => ({
        name: 'sfn',
        handlers: { StartExecution: record('StartExecution', { executionArn: 'arn:e', startDate: new Date(0) }) },
      }),
    ],
    calls,
    refuseNext: (...errors) => void refusals.push(...errors),
    callsOf: async (count) => {
      while (calls.length < count) await once(news, 'call');
      return calls;
    },
  };
}

/** The event that an Invoke carried. */
export function payloadOf(call: Recorded | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(call?.input['Payload'] as Uint8Array).toString('utf8'));
}
