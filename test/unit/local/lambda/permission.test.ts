import { expect, test } from '@jest/globals';
import { allowsInvoke, type PolicyStatement } from '../../../../local/lambda/permission.ts';

const API = 'arn:aws:execute-api:us-east-1:000000000000:abc';

const allows = (statement: Partial<PolicyStatement>, principal: string, sourceArn: string): boolean =>
  allowsInvoke(
    {
      Version: '2012-10-17',
      Id: 'default',
      Statement: [
        { Sid: 's', Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction', Resource: '*', ...statement },
      ],
    },
    { principal, sourceArn },
  );

const from = (pattern: string): Partial<PolicyStatement> => ({ Condition: { ArnLike: { 'AWS:SourceArn': pattern } } });

test.each<[string, Partial<PolicyStatement>, string, boolean]>([
  ['anyone', {}, `${API}/x`, true],
  ['the service', { Principal: { Service: 'a.amazonaws.com' } }, `${API}/x`, true],
  ['another service', { Principal: { Service: 'b.amazonaws.com' } }, `${API}/x`, false],
  ['an account', { Principal: { AWS: 'arn:aws:iam::000000000000:root' } }, `${API}/x`, false],
  ['another action', { Action: 'lambda:GetFunction' }, `${API}/x`, false],
  ['the very source', from(`${API}/x`), `${API}/x`, true],
  ['another source', from(`${API}/y`), `${API}/x`, false],
  ['a source with stars over slashes', from(`${API}/*/*/service/{name}`), `${API}/$default/GET/service/{name}`, true],
  ['a star that would cross a colon', from('arn:aws:*:abc/x'), `${API}/x`, false],
  ['a pattern whose dots are dots', from(`${API}/a.c`), `${API}/abc`, false],
  [
    'the account of the source',
    { Condition: { StringEquals: { 'AWS:SourceAccount': '000000000000' } } },
    `${API}/x`,
    true,
  ],
  ['another account', { Condition: { StringEquals: { 'AWS:SourceAccount': '111111111111' } } }, `${API}/x`, false],
])('a statement for %s', (_, statement, sourceArn, expected) => {
  expect(allows(statement, 'a.amazonaws.com', sourceArn)).toBe(expected);
});
