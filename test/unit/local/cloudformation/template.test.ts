// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of CloudFormation hold such texts
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { evaluateConditions } from '../../../../local/cloudformation/template/conditions.ts';
import { resolveDynamicReferences } from '../../../../local/cloudformation/template/dynamic-references.ts';
import { resolve } from '../../../../local/cloudformation/template/intrinsics.ts';
import type { Json } from '../../../../local/cloudformation/template/json.ts';
import { resolveParameters } from '../../../../local/cloudformation/template/parameters.ts';
import { parseTemplate } from '../../../../local/cloudformation/template/parse-template.ts';
import { dependenciesOf } from '../../../../local/cloudformation/template/references.ts';
import { checkRules } from '../../../../local/cloudformation/template/rules.ts';
import { type Scope, UnknownUntilApplied } from '../../../../local/cloudformation/template/scope.ts';

const SCOPE: Scope = {
  parameters: { Size: '3', Zones: ['a', 'b'] },
  pseudoParameters: { 'AWS::Region': 'eu-central-1' },
  mappings: { Sizes: { 'eu-central-1': { small: 'm7g.large' } } },
  conditions: { IsBig: true, IsSmall: false },
  exports: { 'shop-arn': 'arn:shop' },
  zones: ['eu-central-1a', 'eu-central-1b'],
  resource: (name) => {
    if (name === 'Table')
      return { status: 'known', physicalId: 'table-1', attributes: { Arn: 'arn:table', 'Stream.Arn': 'arn:stream' } };
    return name === 'New' ? { status: 'unknown' } : undefined;
  },
};

describe('an intrinsic function', () => {
  const cases: readonly [string, Json, Json | undefined][] = [
    ['Ref of a parameter', { Ref: 'Size' }, '3'],
    ['Ref of a list parameter', { Ref: 'Zones' }, ['a', 'b']],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-central-1'],
    ['Ref of a resource', { Ref: 'Table' }, 'table-1'],
    ['Ref of AWS::NoValue', { keep: 1, drop: { Ref: 'AWS::NoValue' } }, { keep: 1 }],
    ['NoValue in a list', ['x', { Ref: 'AWS::NoValue' }], ['x']],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:table'],
    ['GetAtt as text with dots', { 'Fn::GetAtt': 'Table.Stream.Arn' }, 'arn:stream'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Size' }, 7]] }, 'a-3-7'],
    ['Join of a list parameter', { 'Fn::Join': [',', { Ref: 'Zones' }] }, 'a,b'],
    ['Split', { 'Fn::Split': ['|', 'a|b'] }, ['a', 'b']],
    ['Select', { 'Fn::Select': ['1', { 'Fn::Split': ['|', 'a|b'] }] }, 'b'],
    ['Sub', { 'Fn::Sub': '${AWS::Region}/${Table}/${Table.Arn}/${!Kept}' }, 'eu-central-1/table-1/arn:table/${Kept}'],
    ['Sub with variables', { 'Fn::Sub': ['${Own}-${Size}', { Own: { Ref: 'Table' } }] }, 'table-1-3'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] }, 'm7g.large'],
    ['If that holds', { 'Fn::If': ['IsBig', 'yes', { Ref: 'Nowhere' }] }, 'yes'],
    ['If that does not hold', { 'Fn::If': ['IsSmall', 'yes', { Ref: 'AWS::NoValue' }] }, undefined],
    ['ImportValue', { 'Fn::ImportValue': 'shop-arn' }, 'arn:shop'],
    ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    ['GetAZs', { 'Fn::GetAZs': '' }, ['eu-central-1a', 'eu-central-1b']],
    ['Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
  ];
  test.each(cases)('%s has the value that AWS documents', (_, given, expected) => {
    expect(resolve(given, SCOPE)).toEqual(expected);
  });

  test('that is not known, or names nothing, is refused', () => {
    expect(() => resolve({ 'Fn::ToJsonString': {} }, SCOPE)).toThrow(
      'the function Fn::ToJsonString is not in the local cloud',
    );
    expect(() => resolve({ Ref: 'Nowhere' }, SCOPE)).toThrow('Unresolved resource dependencies [Nowhere]');
    expect(() => resolve({ 'Fn::GetAtt': ['Table', 'Colour'] }, SCOPE)).toThrow(
      'does not support attribute type Colour',
    );
    expect(() => resolve({ Ref: 'New' }, SCOPE)).toThrow(UnknownUntilApplied);
  });
});

describe('conditions and rules', () => {
  test('see parameters and each other, in any order', () => {
    const conditions = {
      Both: { 'Fn::And': [{ Condition: 'IsThree' }, { 'Fn::Not': [{ Condition: 'IsFour' }] }] },
      IsThree: { 'Fn::Equals': [{ Ref: 'Size' }, 3] },
      IsFour: { 'Fn::Equals': [{ Ref: 'Size' }, '4'] },
      Either: { 'Fn::Or': [{ Condition: 'IsFour' }, { Condition: 'IsThree' }] },
    };
    expect(evaluateConditions(conditions, SCOPE)).toEqual({ Both: true, IsThree: true, IsFour: false, Either: true });
  });

  test('that go round in circles are refused', () => {
    const conditions = { A: { Condition: 'B' }, B: { Condition: 'A' } };
    expect(() => evaluateConditions(conditions, SCOPE)).toThrow('Circular condition dependency A');
  });

  test("hold the CDK's check of the bootstrap version", () => {
    const isOld = { 'Fn::Contains': [['1', '2', '3'], { Ref: 'Size' }] };
    const rules = { Check: { assertions: [{ assert: { 'Fn::Not': [isOld] }, description: "needs 'cdk bootstrap'" }] } };
    expect(() => checkRules(rules, SCOPE)).toThrow("needs 'cdk bootstrap'");
    expect(() => checkRules(rules, { ...SCOPE, parameters: { Size: '33' } })).not.toThrow();
  });
});

describe('the order of resources', () => {
  const template = (resources: object) => parseTemplate(JSON.stringify({ Resources: resources }));

  test('follows references in every function, DependsOn, and only the branch that holds', () => {
    const parsed = template({
      A: { Type: 'T' },
      B: { Type: 'T', Properties: { X: { 'Fn::Sub': '${A.Arn}' } } },
      C: { Type: 'T', DependsOn: 'B', Properties: { X: { 'Fn::If': ['IsBig', { Ref: 'A' }, { Ref: 'D' }] } } },
      D: { Type: 'T', Condition: 'IsSmall' },
    });
    expect([...dependenciesOf(parsed, SCOPE.conditions)]).toEqual([
      ['A', []],
      ['B', ['A']],
      ['C', ['B', 'A']],
    ]);
  });

  test('has no circles', () => {
    const parsed = template({
      A: { Type: 'T', Properties: { X: { Ref: 'B' } } },
      B: { Type: 'T', DependsOn: ['A'] },
      C: { Type: 'T' },
    });
    expect(() => dependenciesOf(parsed, {})).toThrow('Circular dependency between resources: [A, B]');
  });
});

describe('the text of a template', () => {
  test('may be YAML, as the CDK writes its bootstrap template', () => {
    const cdk = dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json'));
    const parsed = parseTemplate(readFileSync(join(cdk, 'lib/api/bootstrap/bootstrap-template.yaml'), 'utf8'));
    expect(parsed.parameters['Qualifier']).toEqual({
      type: 'String',
      noEcho: false,
      defaultValue: 'hnb659fds',
      description: 'An identifier to distinguish multiple bootstrap stacks in the same environment',
      allowedPattern: '[A-Za-z0-9_-]{1,10}',
      constraintDescription: 'Qualifier must be an alphanumeric identifier of at most 10 characters',
    });
    expect(parsed.resources['StagingBucket']?.deletionPolicy).toBe('Retain');
  });

  test.each([
    ['{"Resources":{}}', 'At least one Resources member must be defined'],
    ['{"Resources":{"A":{"Type":"T"}},"Transform":"X"}', 'Template section Transform is not in the local cloud'],
    ['{"Resources":{"A":{"Type":"T","CreationPolicy":{}}}}', 'the attribute CreationPolicy is not in the local cloud'],
    [
      '{"Resources":{"A":{"Type":"T","DeletionPolicy":"Snapshot"}}}',
      'DeletionPolicy "Snapshot" of A is not in the local cloud',
    ],
    ['{"Resources":{"A":{}}}', 'Every Resources object must contain a Type member'],
    ['Resources:\n  A:\n    Type: !Sub x', 'Short tags such as !Ref are not in the local cloud'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseTemplate(text)).toThrow(message);
  });
});

describe('parameters', () => {
  const readSsm = async (name: string) => (name === '/known' ? 'ami-1' : undefined);
  const declare = (type: string, more: object = {}) => ({ P: { type, noEcho: false, ...more } });
  const given = (text: string) => ({ given: [{ ParameterKey: 'P', ParameterValue: text }], previous: {}, readSsm });

  test('have the form that their type gives them', async () => {
    expect((await resolveParameters(declare('CommaDelimitedList'), given('a, b')))['P']?.value).toEqual(['a', 'b']);
    const image = await resolveParameters(declare('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'), given('/known'));
    expect(image['P']).toEqual({ given: '/known', resolved: 'ami-1', noEcho: false, value: 'ami-1' });
  });

  test('keep their previous value when asked to, not the default', async () => {
    const previous = { P: { given: 'old', noEcho: false, value: 'old' } };
    const sources = { given: [{ ParameterKey: 'P', UsePreviousValue: true }], previous, readSsm };
    expect((await resolveParameters(declare('String', { defaultValue: 'new' }), sources))['P']?.value).toBe('old');
  });

  test.each([
    ['Number', {}, 'three', "Parameter 'P' must be a number, not three."],
    ['String', { allowedValues: ['a'] }, 'b', "Parameter 'P' must be one of AllowedValues"],
    ['String', { allowedPattern: '[a-z]+' }, 'A', "Parameter 'P' must match pattern [a-z]+"],
    ['String', { maxLength: 2 }, 'abc', "Parameter 'P' must contain at most 2 characters"],
    ['AWS::SSM::Parameter::Value<String>', {}, '/none', 'Unable to fetch parameters [/none] from parameter store'],
  ])('of type %s with %j refuse %s', async (type, more, text, message) => {
    await expect(resolveParameters(declare(type, more), given(text))).rejects.toThrow(message);
  });

  test('must all be declared and all have values', async () => {
    await expect(resolveParameters({}, given('x'))).rejects.toThrow('Parameters: [P] do not exist in the template');
    await expect(resolveParameters(declare('String'), { given: [], previous: {}, readSsm })).rejects.toThrow(
      'Parameters: [P] must have values',
    );
  });
});

test('a dynamic reference is read wherever it stands in a value', async () => {
  const value = {
    a: ['x-{{resolve:ssm:/size:2}}'],
    b: '{{resolve:secretsmanager:arn:aws:secretsmanager:r:1:secret:s-1:SecretString:user}}',
  };
  const seen: unknown[] = [];
  const resolved = await resolveDynamicReferences(value, async (reference) => {
    seen.push(reference);
    return reference.service;
  });
  expect(resolved).toEqual({ a: ['x-ssm'], b: 'secretsmanager' });
  expect(seen).toEqual([
    { service: 'ssm', name: '/size', version: '2' },
    { service: 'secretsmanager', secretId: 'arn:aws:secretsmanager:r:1:secret:s-1', jsonKey: 'user' },
  ]);
});
