import type {
  AddPermissionRequest,
  AddPermissionResponse,
  GetPolicyRequest,
  GetPolicyResponse,
  RemovePermissionRequest,
} from '@aws-sdk/client-lambda';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { type FunctionStore, findFunction } from './function-store.ts';
import type { PolicyDocument, PolicyStatement } from './permission.ts';

/** The operations on the resource policy of a function. */
export function createPolicyHandlers(store: FunctionStore): Handlers {
  return {
    AddPermission: (input: AddPermissionRequest) => addPermission(store, input),
    RemovePermission: (input: RemovePermissionRequest) => removePermission(store, input),
    GetPolicy: (input: GetPolicyRequest) => getPolicy(store, input),
  };
}

function addPermission(store: FunctionStore, input: AddPermissionRequest): AddPermissionResponse {
  refuseMembers(input, {
    operation: 'lambda AddPermission',
    members: ['FunctionName', 'StatementId', 'Action', 'Principal', 'SourceArn', 'SourceAccount', 'Qualifier'],
  });
  const record = findFunction(store, input.FunctionName, input.Qualifier);
  const sid = input.StatementId ?? '';
  if (record.statements.some(({ Sid }) => Sid === sid)) {
    throw new AwsError(
      'ResourceConflictException',
      `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      409,
      { Type: 'User' },
    );
  }
  const statement: PolicyStatement = {
    Sid: sid,
    Effect: 'Allow',
    Principal: parsePrincipal(input.Principal ?? ''),
    Action: input.Action ?? '',
    Resource: record.arn,
    ...conditionOf(input),
  };
  store.functions.set(record.name, { ...record, statements: [...record.statements, statement] });
  return { Statement: JSON.stringify(statement) };
}

function removePermission(store: FunctionStore, input: RemovePermissionRequest): object {
  const record = findFunction(store, input.FunctionName, input.Qualifier);
  const statements = record.statements.filter(({ Sid }) => Sid !== input.StatementId);
  if (statements.length === record.statements.length) {
    throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
  }
  store.functions.set(record.name, { ...record, statements });
  return {};
}

function getPolicy(store: FunctionStore, input: GetPolicyRequest): GetPolicyResponse {
  const record = findFunction(store, input.FunctionName, input.Qualifier);
  if (record.statements.length === 0) throw notFound('The resource you requested does not exist.');
  const policy: PolicyDocument = { Version: '2012-10-17', Id: 'default', Statement: record.statements };
  return { Policy: JSON.stringify(policy), RevisionId: record.revisionId };
}

function parsePrincipal(principal: string): PolicyStatement['Principal'] {
  if (principal === '*') return '*';
  if (/^[\w-]+(\.[\w-]+)*\.amazonaws\.com$/.test(principal)) return { Service: principal };
  return { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal };
}

function conditionOf({ SourceArn, SourceAccount }: AddPermissionRequest): Pick<PolicyStatement, 'Condition'> {
  const condition = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    ...(SourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
  };
  return Object.keys(condition).length === 0 ? {} : { Condition: condition };
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
}
