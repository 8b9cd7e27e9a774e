import { describe, expect, test } from '@jest/globals';
import { awsCall, StoreError, TasksError } from '../../../lib/aws/operating-errors.ts';

/** An error as the SDK throws it. */
function sdkError(name: string, httpStatusCode?: number): Error {
  const error = new Error('the service said so');
  error.name = name;
  return Object.assign(error, { $metadata: httpStatusCode === undefined ? {} : { httpStatusCode } });
}

const failing = (error: Error) =>
  awsCall(() => Promise.reject(error), { asked: 'run a task', as: TasksError, known: { Known: () => 'answered' } });

describe('an error of AWS', () => {
  test('becomes ours: what was asked, what was answered, the cause kept', async () => {
    const error = sdkError('AccessDeniedException', 400);
    await expect(failing(error)).rejects.toMatchObject({
      ...{ name: 'TasksError', code: 'WARDEN_TASKS', retriable: false, cause: error },
      message: 'run a task: AccessDeniedException: the service said so',
    });
  });

  test('that the caller knows by name is an answer', async () => {
    expect(await failing(sdkError('Known', 400))).toBe('answered');
  });

  test.each([
    ['ThrottlingException', 400],
    ['TooManyRequestsException', 429],
    ['RequestLimitExceeded', 503],
    ['ProvisionedThroughputExceededException', 400],
    ['TransactionCanceledException', 400],
    ['TransactionConflictException', 400],
    ['ServerException', 500],
    ['TimeoutError', undefined],
  ] as const)('%s (%p) passes: the same call may succeed', async (name, status) => {
    await expect(failing(sdkError(name, status))).rejects.toMatchObject({ retriable: true });
  });

  test.each([
    ['ClientException', 400],
    ['InvalidParameterException', 400],
    ['ResourceNotFoundException', 400],
  ] as const)('%s does not pass', async (name, status) => {
    await expect(failing(sdkError(name, status))).rejects.toMatchObject({ retriable: false });
  });

  test('has the name of its port', () => {
    expect(new StoreError('x', { cause: undefined, retriable: true })).toMatchObject({
      name: 'StoreError',
      code: 'WARDEN_STORE',
    });
  });
});
