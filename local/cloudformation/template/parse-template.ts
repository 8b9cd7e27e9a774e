import { isJsonList, isJsonObject, type Json, type JsonObject } from './json.ts';
import { readTemplateText } from './read-text.ts';
import type {
  DeletionPolicy,
  OutputDeclaration,
  ParameterDeclaration,
  ResourceDeclaration,
  RuleDeclaration,
  Template,
} from './template.ts';
import { validationError } from './validation-error.ts';

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
];

/**
 * Reads a template and checks the form of its sections.
 *
 * @throws AwsError ValidationError
 */
export function parseTemplate(text: string): Template {
  const root = readTemplateText(text);
  for (const name of Object.keys(root)) {
    if (name === 'Transform' || name === 'Hooks')
      throw validationError(
        `Template section ${name} is not in the local cloud. Deploy the expanded template instead.`,
      );
    if (!SECTIONS.includes(name))
      throw validationError(
        `Invalid template property or properties [${name}]; a template holds ${SECTIONS.join(', ')}.`,
      );
  }
  const resources = mapSection(root, 'Resources', parseResource);
  if (Object.keys(resources).length === 0)
    throw validationError('Template format error: At least one Resources member must be defined.');
  return {
    ...optionalText(root, 'Description', 'description'),
    ...(root['Metadata'] === undefined ? {} : { metadata: root['Metadata'] }),
    parameters: mapSection(root, 'Parameters', parseParameter),
    rules: mapSection(root, 'Rules', parseRule),
    mappings: mapSection(root, 'Mappings', (value) => value),
    conditions: section(root, 'Conditions'),
    resources,
    outputs: mapSection(root, 'Outputs', parseOutput),
  };
}

function parseParameter(value: JsonObject, name: string): ParameterDeclaration {
  if (typeof value['Type'] !== 'string')
    throw validationError(`Template format error: Every Parameters object must contain a Type member (${name}).`);
  return {
    type: value['Type'],
    noEcho: String(value['NoEcho'] ?? 'false') === 'true',
    ...(value['Default'] === undefined ? {} : { defaultValue: scalarText(value['Default']) }),
    ...(isJsonList(value['AllowedValues']) ? { allowedValues: value['AllowedValues'].map(scalarText) } : {}),
    ...optionalText(value, 'Description', 'description'),
    ...optionalText(value, 'AllowedPattern', 'allowedPattern'),
    ...optionalText(value, 'ConstraintDescription', 'constraintDescription'),
    ...optionalNumber(value, 'MinLength', 'minLength'),
    ...optionalNumber(value, 'MaxLength', 'maxLength'),
    ...optionalNumber(value, 'MinValue', 'minValue'),
    ...optionalNumber(value, 'MaxValue', 'maxValue'),
  };
}

function parseRule(value: JsonObject, name: string): RuleDeclaration {
  const assertions = value['Assertions'];
  if (!isJsonList(assertions)) throw validationError(`Template format error: Rule ${name} must contain Assertions.`);
  return {
    ...(value['RuleCondition'] === undefined ? {} : { condition: value['RuleCondition'] }),
    assertions: assertions.map((assertion) => {
      if (!isJsonObject(assertion) || assertion['Assert'] === undefined)
        throw validationError(`Template format error: each assertion of rule ${name} must contain Assert.`);
      return { assert: assertion['Assert'], ...optionalText(assertion, 'AssertDescription', 'description') };
    }),
  };
}

const RESOURCE_MEMBERS = [
  'Condition',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdatePolicy',
  'UpdateReplacePolicy',
];

function parseResource(value: JsonObject, logicalId: string): ResourceDeclaration {
  if (!/^[A-Za-z0-9]+$/.test(logicalId))
    throw validationError(`Template format error: Resource name ${logicalId} is non alphanumeric.`);
  for (const name of Object.keys(value))
    if (!RESOURCE_MEMBERS.includes(name))
      throw validationError(`Resource ${logicalId}: the attribute ${name} is not in the local cloud.`);
  if (typeof value['Type'] !== 'string')
    throw validationError(
      `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
    );
  const properties = value['Properties'] ?? {};
  if (!isJsonObject(properties))
    throw validationError(`Template format error: [/Resources/${logicalId}/Properties] must be an object.`);
  checkUpdatePolicy(value['UpdatePolicy'], logicalId);
  const deletionPolicy = parsePolicy(value['DeletionPolicy'], logicalId, 'DeletionPolicy');
  return {
    type: value['Type'],
    properties,
    dependsOn: parseDependsOn(value['DependsOn'], logicalId),
    ...optionalText(value, 'Condition', 'condition'),
    ...(value['Metadata'] === undefined ? {} : { metadata: value['Metadata'] }),
    deletionPolicy,
    updateReplacePolicy: parsePolicy(value['UpdateReplacePolicy'], logicalId, 'UpdateReplacePolicy'),
  };
}

function parseDependsOn(value: Json | undefined, logicalId: string): readonly string[] {
  if (value === undefined) return [];
  const names = isJsonList(value) ? value : [value];
  return names.map((name) => {
    if (typeof name === 'string') return name;
    throw validationError(`Template format error: DependsOn of ${logicalId} must be a name or a list of names.`);
  });
}

function parsePolicy(value: Json | undefined, logicalId: string, attribute: string): DeletionPolicy {
  if (value === undefined) return 'Delete';
  if (value === 'Delete' || value === 'Retain' || value === 'RetainExceptOnCreate') return value;
  throw validationError(
    `${attribute} ${JSON.stringify(value)} of ${logicalId} is not in the local cloud, which does Delete, Retain and RetainExceptOnCreate.`,
  );
}

/** The one policy that needs no work here: an update that leaves a group's size alone sends no size. */
function checkUpdatePolicy(value: Json | undefined, logicalId: string): void {
  if (value === undefined) return;
  const names = isJsonObject(value) ? Object.keys(value) : ['?'];
  const other = names.find((name) => name !== 'AutoScalingScheduledAction');
  if (other !== undefined) throw validationError(`UpdatePolicy ${other} of ${logicalId} is not in the local cloud.`);
}

function parseOutput(value: JsonObject, name: string): OutputDeclaration {
  if (value['Value'] === undefined)
    throw validationError(`Template format error: Every Outputs member must contain a Value object (${name}).`);
  const exported = value['Export'];
  return {
    value: value['Value'],
    ...optionalText(value, 'Description', 'description'),
    ...optionalText(value, 'Condition', 'condition'),
    ...(isJsonObject(exported) && exported['Name'] !== undefined ? { exportName: exported['Name'] } : {}),
  };
}

function section(root: JsonObject, name: string): JsonObject {
  const value = root[name] ?? {};
  if (!isJsonObject(value)) throw validationError(`Template format error: ${name} must be an object.`);
  return value;
}

function mapSection<Item>(root: JsonObject, name: string, parse: (value: JsonObject, key: string) => Item) {
  const items: Record<string, Item> = {};
  for (const [key, value] of Object.entries(section(root, name))) {
    if (!isJsonObject(value)) throw validationError(`Template format error: [/${name}/${key}] must be an object.`);
    items[key] = parse(value, key);
  }
  return items;
}

/** A scalar in the text that a parameter would have. */
function scalarText(value: Json): string {
  if (typeof value === 'object')
    throw validationError(`Template format error: ${JSON.stringify(value)} must be a scalar.`);
  return String(value);
}

function optionalText<Name extends string>(from: JsonObject, member: string, name: Name) {
  const value = from[member];
  return typeof value === 'string' ? ({ [name]: value } as { readonly [key in Name]: string }) : {};
}

function optionalNumber<Name extends string>(from: JsonObject, member: string, name: Name) {
  const value = from[member];
  return value === undefined ? {} : ({ [name]: Number(value) } as { readonly [key in Name]: number });
}
