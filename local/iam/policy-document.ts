import { AwsError } from '../core/aws-error.ts';
import { CONDITION_OPERATORS, parseOperator } from './policy-condition.ts';

/** A statement of a policy, as written. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: readonly PolicyStatement[];
}

/** A trust policy names principals and no resources, the policy of an identity the other way round, of a resource both. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

const ACTIONS = ['Action', 'NotAction'];
const PRINCIPALS = ['Principal', 'NotPrincipal'];
const RESOURCES = ['Resource', 'NotResource'];
const NEEDED: Readonly<Record<PolicyKind, readonly (readonly string[])[]>> = {
  identity: [ACTIONS, RESOURCES],
  resource: [ACTIONS, PRINCIPALS, RESOURCES],
  trust: [ACTIONS, PRINCIPALS],
};

const VERSIONS = ['2008-10-17', '2012-10-17'];
const DOCUMENT_KEYS = ['Version', 'Id', 'Statement'];
const PRINCIPAL_KEYS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/**
 * Parses and validates the JSON text of a policy.
 * @throws MalformedPolicyDocument
 */
export function parsePolicyDocument(text: string, kind: PolicyKind): PolicyDocument {
  const document = parseObject(text);
  for (const key of Object.keys(document))
    if (!DOCUMENT_KEYS.includes(key))
      throw malformed(`${key} is no element of a policy; allowed: ${DOCUMENT_KEYS.join(', ')}`);
  const version = document['Version'];
  if (version !== undefined && !VERSIONS.includes(String(version)))
    throw malformed(`Version is ${JSON.stringify(version)}; allowed: ${VERSIONS.join(', ')}`);
  const given = document['Statement'];
  const statements: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (statements.length === 0) throw malformed('a policy needs a Statement');
  for (const [index, statement] of statements.entries()) checkStatement(statement, { index, kind });
  return { ...document, Statement: statements as readonly PolicyStatement[] };
}

interface At {
  readonly index: number;
  readonly kind: PolicyKind;
}

function checkStatement(statement: unknown, { index, kind }: At): void {
  const where = `Statement ${index}`;
  if (!isRecord(statement)) throw malformed(`${where} must be an object`);
  const needed = NEEDED[kind];
  const allowed = ['Sid', 'Effect', 'Condition', ...needed.flat()];
  for (const key of Object.keys(statement))
    if (!allowed.includes(key)) throw malformed(`${where} has ${key}; allowed here: ${allowed.join(', ')}`);
  for (const names of needed)
    if (names.filter((name) => statement[name] !== undefined).length !== 1)
      throw malformed(`${where} needs exactly one of ${names.join(' and ')}`);
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny')
    throw malformed(`${where} has the Effect ${JSON.stringify(effect)}; allowed: Allow, Deny`);
  checkActions(statement['Action'] ?? statement['NotAction'], where);
  if (kind !== 'identity') checkPrincipal(statement['Principal'] ?? statement['NotPrincipal'], where);
  if (kind !== 'trust') checkResources(statement['Resource'] ?? statement['NotResource'], where);
  checkCondition(statement['Condition'], where);
}

function checkActions(value: unknown, where: string): void {
  for (const action of textsOf(value, `Action of ${where}`))
    if (!/^(\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+)$/.test(action))
      throw malformed(
        `${where} has the action "${action}"; expected * or <service>:<operation>, * and ? allowed in the operation`,
      );
}

function checkResources(value: unknown, where: string): void {
  for (const resource of textsOf(value, `Resource of ${where}`))
    if (resource !== '*' && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+$/.test(resource))
      throw malformed(`${where} has the resource "${resource}"; expected * or an ARN`);
    else refuseVariables(resource, where);
}

/** A policy variable that is not replaced would match nothing, or the wrong thing. */
function refuseVariables(text: string, where: string): void {
  const variable = /\$\{[^}]*\}?/.exec(text)?.[0];
  if (variable !== undefined)
    throw malformed(`${where} uses the policy variable ${variable}; policy variables are not done in the local cloud`);
}

function checkPrincipal(value: unknown, where: string): void {
  if (value === '*') return;
  if (!isRecord(value) || Object.keys(value).length === 0)
    throw malformed(`${where} needs a principal: "*" or an object of ${PRINCIPAL_KEYS.join(', ')}`);
  for (const [key, names] of Object.entries(value)) {
    if (!PRINCIPAL_KEYS.includes(key))
      throw malformed(`${where} has a principal ${key}; allowed: ${PRINCIPAL_KEYS.join(', ')}`);
    textsOf(names, `Principal.${key} of ${where}`);
  }
}

function checkCondition(value: unknown, where: string): void {
  if (value === undefined) return;
  if (!isRecord(value)) throw malformed(`the Condition of ${where} must be an object of operators`);
  for (const [operator, keys] of Object.entries(value)) {
    if (!isRecord(keys)) throw malformed(`the Condition ${operator} of ${where} must be an object of keys`);
    if (parseOperator(operator) === undefined)
      throw malformed(
        `${where} has the condition operator ${operator}, which is not done in the local cloud; done: ${CONDITION_OPERATORS.join(', ')}`,
      );
    for (const [key, expected] of Object.entries(keys)) checkExpected(expected, `${operator} ${key} of ${where}`);
  }
}

/** Numbers and booleans stand for their texts, as in AWS's own examples. */
function checkExpected(expected: unknown, where: string): void {
  const values: readonly unknown[] = Array.isArray(expected) ? expected : [expected];
  for (const value of values) {
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw malformed(`${where} must be a text or a list of texts`);
    refuseVariables(String(value), where);
  }
}

function textsOf(value: unknown, what: string): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw malformed(`${what} is empty`);
  return list.map((item) => {
    if (typeof item === 'string') return item;
    throw malformed(`${what} must be a string or a list of strings`);
  });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(text);
    if (isRecord(document)) return document;
  } catch (error) {
    throw malformed(`the policy is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw malformed('the policy must be a JSON object');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(detail: string): AwsError {
  return new AwsError('MalformedPolicyDocument', `The policy document is malformed: ${detail}`);
}
