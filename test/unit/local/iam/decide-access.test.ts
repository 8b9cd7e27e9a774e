import { describe, expect, test } from '@jest/globals';
import { type AccessQuestion, decideAccess } from '../../../../local/iam/decide-access.ts';
import { type PolicyStatement, parsePolicyDocument } from '../../../../local/iam/policy-document.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/Warden';
const put: AccessQuestion = { action: 'dynamodb:PutItem', resource: TABLE, context: {} };

function decide(statements: readonly Omit<PolicyStatement, never>[], question: Partial<AccessQuestion> = {}) {
  return decideAccess([{ Statement: statements }], { ...put, ...question });
}

const allow = (more: object): PolicyStatement => ({ Effect: 'Allow', Action: '*', Resource: '*', ...more });
const deny = (more: object): PolicyStatement => ({ Effect: 'Deny', Action: '*', Resource: '*', ...more });

describe('access', () => {
  test('is denied when no statement speaks of it', () => {
    expect(decide([])).toBe('denied implicitly');
    expect(decide([allow({ Action: 'dynamodb:GetItem' })])).toBe('denied implicitly');
  });

  test('is allowed by one statement of any policy', () => {
    const policies = [{ Statement: [allow({ Action: 's3:*' })] }, { Statement: [allow({ Action: 'dynamodb:Put*' })] }];
    expect(decideAccess(policies, put)).toBe('allowed');
  });

  test('is denied by one statement that says so, whatever allows it', () => {
    expect(decide([allow({}), deny({ Action: 'dynamodb:*' })])).toBe('denied explicitly');
    expect(decide([deny({ Resource: TABLE }), allow({})])).toBe('denied explicitly');
  });

  test.each([
    ['dynamodb:putitem', true],
    ['DynamoDB:Put?tem', true],
    ['dynamodb:*', true],
    ['dynamodb:Put', false],
    ['s3:PutItem', false],
  ])('by the action %s covers dynamodb:PutItem: %s', (Action, isCovered) => {
    expect(decide([allow({ Action })])).toBe(isCovered ? 'allowed' : 'denied implicitly');
  });

  test('by NotAction is for every other action', () => {
    expect(decide([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }])).toBe('allowed');
    expect(decide([{ Effect: 'Allow', NotAction: ['iam:*', 'dynamodb:Put*'], Resource: '*' }])).toBe(
      'denied implicitly',
    );
  });

  test.each([
    [TABLE, true],
    ['arn:aws:dynamodb:*:*:table/*', true],
    ['arn:aws:dynamodb:us-east-1:000000000000:table/Ward?n', true],
    [`${TABLE}/index/*`, false],
    ['arn:aws:dynamodb:us-east-1:000000000000:table/warden', false],
    ['arn:aws:dynamodb:*:table/Warden', false],
  ])('by the resource %s covers the table: %s', (Resource, isCovered) => {
    expect(decide([allow({ Resource })])).toBe(isCovered ? 'allowed' : 'denied implicitly');
  });

  test('by NotResource is for every other resource', () => {
    expect(decide([{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::*' }])).toBe('allowed');
    expect(decide([{ Effect: 'Allow', Action: '*', NotResource: TABLE }])).toBe('denied implicitly');
  });

  test('to the streams of a log group goes by the ARN of the group with a star behind it', () => {
    const group = 'arn:aws:logs:us-east-1:000000000000:log-group:functions/Api';
    const question = { action: 'logs:PutLogEvents', resource: `${group}:log-stream:2026/11/21/a` };
    expect(decide([allow({ Resource: `${group}:*` })], question)).toBe('allowed');
    expect(decide([allow({ Resource: group })], question)).toBe('denied implicitly');
  });
});

describe('a condition', () => {
  const tagged = { 'aws:resourcetag/warden:service': 'kafka', 'ecs:cluster': 'arn:aws:ecs:us-east-1:0:cluster/A' };
  const many = { 'aws:tagkeys': ['warden:service', 'cost'] };

  test.each<[string, Record<string, unknown>, Record<string, string | string[]>, boolean]>([
    ['StringEquals', { 'ecs:CreateAction': ['RunTask', 'Other'] }, { 'ecs:createaction': 'RunTask' }, true],
    ['StringEquals', { 'ecs:CreateAction': 'RunTask' }, { 'ecs:createaction': 'runtask' }, false],
    ['StringEquals', { 'ecs:CreateAction': 'RunTask' }, {}, false],
    ['StringEqualsIgnoreCase', { 'ecs:CreateAction': 'RunTask' }, { 'ecs:createaction': 'runtask' }, true],
    ['StringNotEquals', { 'ecs:CreateAction': ['A', 'B'] }, { 'ecs:createaction': 'B' }, false],
    ['StringNotEquals', { 'ecs:CreateAction': ['A', 'B'] }, { 'ecs:createaction': 'C' }, true],
    ['StringNotEquals', { 'ecs:CreateAction': 'A' }, {}, true],
    ['StringLike', { 'ecs:CreateAction': 'Run*' }, { 'ecs:createaction': 'RunTask' }, true],
    ['StringNotLike', { 'ecs:CreateAction': 'Run*' }, { 'ecs:createaction': 'RunTask' }, false],
    ['ArnEquals', { 'ecs:cluster': 'arn:aws:ecs:us-east-1:0:cluster/A' }, tagged, true],
    ['ArnEquals', { 'ecs:cluster': 'arn:aws:ecs:us-east-1:0:cluster/B' }, tagged, false],
    ['ArnEquals', { 'ecs:cluster': 'arn:aws:ecs:us-east-1:0:cluster/A' }, {}, false],
    ['ArnLike', { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/?' }, tagged, true],
    ['ArnNotLike', { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/?' }, tagged, false],
    ['Null', { 'aws:ResourceTag/warden:service': 'false' }, tagged, true],
    ['Null', { 'aws:ResourceTag/warden:service': 'false' }, {}, false],
    ['Null', { 'aws:ResourceTag/warden:service': true }, {}, true],
    ['Bool', { 'aws:SecureTransport': 'false' }, { 'aws:securetransport': 'true' }, false],
    ['Bool', { 'aws:SecureTransport': true }, { 'aws:securetransport': 'true' }, true],
    ['StringEqualsIfExists', { 'ecs:CreateAction': 'RunTask' }, {}, true],
    ['StringEqualsIfExists', { 'ecs:CreateAction': 'RunTask' }, { 'ecs:createaction': 'Other' }, false],
    ['ForAllValues:StringEquals', { 'aws:TagKeys': ['warden:service', 'cost', 'x'] }, many, true],
    ['ForAllValues:StringEquals', { 'aws:TagKeys': 'cost' }, many, false],
    ['ForAllValues:StringEquals', { 'aws:TagKeys': 'cost' }, {}, true],
    ['ForAnyValue:StringEquals', { 'aws:TagKeys': 'cost' }, many, true],
    ['ForAnyValue:StringEquals', { 'aws:TagKeys': 'other' }, many, false],
    ['ForAnyValue:StringEquals', { 'aws:TagKeys': 'cost' }, {}, false],
    ['ForAnyValue:StringLike', { 'aws:TagKeys': 'warden:*' }, many, true],
  ])('%s %j on %j holds: %s', (operator, keys, context, holds) => {
    expect(decide([allow({ Condition: { [operator]: keys } })], { context })).toBe(
      holds ? 'allowed' : 'denied implicitly',
    );
  });

  test('holds only when all of its operators and keys do', () => {
    const Condition = { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'ecs:CreateAction': 'RunTask' } };
    const context = { 'aws:securetransport': 'true' };
    expect(decide([allow({ Condition })], { context })).toBe('denied implicitly');
    expect(decide([allow({ Condition })], { context: { ...context, 'ecs:createaction': 'RunTask' } })).toBe('allowed');
  });
});

describe('a policy is refused when it is stored', () => {
  const parse = (statement: object) =>
    parsePolicyDocument(
      JSON.stringify({ Statement: { Effect: 'Allow', Action: '*', Resource: '*', ...statement } }),
      'identity',
    );

  test.each([
    'DateLessThan',
    'IpAddress',
    'NumericEquals',
    'ForSomeValues:StringEquals',
    'NullIfExists',
    'StringEqualz',
  ])('for the condition operator %s', (operator) => {
    expect(() => parse({ Condition: { [operator]: { 'aws:CurrentTime': '1' } } })).toThrow(
      `the condition operator ${operator}, which is not done in the local cloud`,
    );
  });

  test('for policy variables, in resources and in conditions', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    const variable = '${aws:username}';
    expect(() => parse({ Resource: `arn:aws:s3:::bucket/${variable}` })).toThrow(`the policy variable ${variable}`);
    expect(() => parse({ Condition: { StringEquals: { 'aws:PrincipalArn': variable } } })).toThrow(
      `the policy variable ${variable}`,
    );
  });
});
