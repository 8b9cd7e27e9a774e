import { cidrBlocks } from './cidr-blocks.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject, soleMember } from './json.ts';
import { lookUpParameter, type Scope, UnknownUntilApplied } from './scope.ts';
import { substitute } from './substitute.ts';
import { validationError } from './validation-error.ts';

type Intrinsic = (argument: Json, scope: Scope) => Json | undefined;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => resolveRef(wantText('Ref', argument), scope),
  'Fn::Base64': (argument, scope) => Buffer.from(resolveText('Fn::Base64', argument, scope)).toString('base64'),
  'Fn::Cidr': resolveCidr,
  'Fn::FindInMap': resolveFindInMap,
  'Fn::GetAZs': (_, scope) => scope.zones,
  'Fn::GetAtt': resolveGetAtt,
  'Fn::If': resolveIf,
  'Fn::ImportValue': resolveImport,
  'Fn::Join': resolveJoin,
  'Fn::Select': resolveSelect,
  'Fn::Split': resolveSplit,
  'Fn::Sub': resolveSub,
};

/**
 * Replaces every intrinsic function by its value. Undefined means AWS::NoValue: the member or element is left out.
 *
 * @throws AwsError ValidationError on an unknown function or name
 * @throws UnknownUntilApplied when a resource it needs is yet to be made
 */
export function resolve(value: Json, scope: Scope): Json | undefined {
  if (isJsonList(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  if (!isJsonObject(value)) return value;
  const [name, argument] = soleMember(value) ?? ['', null];
  const intrinsic = INTRINSICS[name];
  if (intrinsic !== undefined) return intrinsic(argument, scope);
  if (name.startsWith('Fn::')) throw validationError(`Template error: the function ${name} is not in the local cloud.`);
  return resolveObject(value, scope);
}

/** As resolve, for an object whose members are values. */
export function resolveObject(value: JsonObject, scope: Scope): JsonObject {
  const members: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    const resolved = resolve(member, scope);
    if (resolved !== undefined) members[name] = resolved;
  }
  return members;
}

/** The value of a name that Ref or a variable of Fn::Sub holds. */
function resolveRef(name: string, scope: Scope): Json | undefined {
  if (name === 'AWS::NoValue') return undefined;
  const parameter = lookUpParameter(scope, name);
  if (parameter !== undefined) return parameter;
  return knownResource(name, scope).physicalId;
}

function knownResource(logicalId: string, scope: Scope) {
  const resource = scope.resource(logicalId);
  if (resource === undefined)
    throw validationError(`Template format error: Unresolved resource dependencies [${logicalId}] in the template`);
  if (resource.status === 'unknown') throw new UnknownUntilApplied(logicalId);
  return resource;
}

function resolveGetAtt(argument: Json, scope: Scope): Json {
  const parts = typeof argument === 'string' ? splitAttribute(argument) : wantList('Fn::GetAtt', argument, scope);
  const [logicalId, attribute] = [String(parts[0]), String(parts[1])];
  const { attributes, changingAttributes } = knownResource(logicalId, scope);
  if (changingAttributes?.includes(attribute)) throw new UnknownUntilApplied(logicalId);
  const value = attributes[attribute];
  if (value === undefined)
    throw validationError(
      `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt; the local cloud knows ${Object.keys(attributes).join(', ') || 'none'}.`,
    );
  return value;
}

function splitAttribute(text: string): readonly [string, string] {
  const at = text.indexOf('.');
  return [text.slice(0, at), text.slice(at + 1)];
}

function resolveIf(argument: Json, scope: Scope): Json | undefined {
  if (!isJsonList(argument) || argument.length !== 3)
    throw validationError('Template error: Fn::If requires a list argument with three elements.');
  const [name, whenTrue, whenFalse] = argument;
  const isTrue = scope.conditions[String(name)];
  if (isTrue === undefined)
    throw validationError(`Template error: unresolved condition dependency ${String(name)} in Fn::If.`);
  return resolve((isTrue ? whenTrue : whenFalse) ?? null, scope);
}

function resolveImport(argument: Json, scope: Scope): Json {
  const name = resolveText('Fn::ImportValue', argument, scope);
  const value = scope.exports[name];
  if (value === undefined) throw validationError(`No export named ${name} found.`);
  return value;
}

function resolveJoin(argument: Json, scope: Scope): Json {
  const [delimiter, values] = isJsonList(argument) ? argument : [];
  if (typeof delimiter !== 'string')
    throw validationError('Template error: every Fn::Join object requires two parameters.');
  return wantList('Fn::Join', values, scope).map(asText).join(delimiter);
}

function resolveSelect(argument: Json, scope: Scope): Json {
  const [index, values] = isJsonList(argument) ? argument : [];
  const position = Number(resolve(index ?? null, scope));
  const value = wantList('Fn::Select', values, scope)[position];
  if (value === undefined)
    throw validationError(`Template error: Fn::Select cannot select nonexistent value at index ${position}`);
  return value;
}

function resolveSplit(argument: Json, scope: Scope): Json {
  const [delimiter, value] = isJsonList(argument) ? argument : [];
  if (typeof delimiter !== 'string')
    throw validationError('Template error: every Fn::Split object requires two parameters.');
  return resolveText('Fn::Split', value ?? null, scope).split(delimiter);
}

function resolveFindInMap(argument: Json, scope: Scope): Json {
  const [map, top, second] = wantList('Fn::FindInMap', argument, scope).map(asText);
  const row = scope.mappings[map ?? '']?.[top ?? ''];
  const value = isJsonObject(row) ? row[second ?? ''] : undefined;
  if (value === undefined) throw validationError(`Template error: Unable to get mapping for ${map}::${top}::${second}`);
  return value;
}

function resolveCidr(argument: Json, scope: Scope): Json {
  const [block, count, bits] = wantList('Fn::Cidr', argument, scope).map(asText);
  return cidrBlocks(block ?? '', Number(count), Number(bits));
}

function resolveSub(argument: Json, scope: Scope): Json {
  const [text, own] = isJsonList(argument) ? argument : [argument];
  const variables = isJsonObject(own) ? resolveObject(own, scope) : {};
  return substitute(wantText('Fn::Sub', text), (name) => {
    const value = variables[name] ?? resolveVariable(name, scope);
    if (value === undefined) throw validationError(`Template error: Fn::Sub of ${name} has no value.`);
    return asText(value);
  });
}

function resolveVariable(name: string, scope: Scope): Json | undefined {
  return name.includes('.') ? resolveGetAtt(name, scope) : resolveRef(name, scope);
}

function resolveText(name: string, argument: Json, scope: Scope): string {
  const value = resolve(argument, scope);
  return wantText(name, value);
}

function wantText(name: string, value: Json | undefined): string {
  if (value === undefined || value === null || typeof value === 'object')
    throw validationError(`Template error: ${name} wants text, not ${JSON.stringify(value)}.`);
  return String(value);
}

function wantList(name: string, value: Json | undefined, scope: Scope): readonly Json[] {
  const list = value === undefined ? undefined : resolve(value, scope);
  if (isJsonList(list)) return list;
  throw validationError(`Template error: ${name} wants a list, not ${JSON.stringify(list)}.`);
}

function asText(value: Json): string {
  if (typeof value === 'object' && value !== null)
    throw validationError(`Template error: ${JSON.stringify(value)} is used where text is wanted.`);
  return String(value);
}
