import { join } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handlers, LocalService } from '../core/service.ts';
import { findPublicParameter } from './public-parameters.ts';

interface Version {
  readonly value: string;
  readonly type: string;
  readonly dataType: string;
  readonly changedAt: number;
  readonly description?: string;
}

interface ParameterRecord {
  readonly name: string;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  /** The index is the version less one; versions count from one and are never used again. */
  readonly versions: readonly Version[];
}

interface Found {
  readonly name: string;
  readonly version: Version;
  readonly number: number;
  readonly selector?: string;
}

const TYPES = ['String', 'StringList', 'SecureString'];
const PUT_MEMBERS = ['Name', 'Value', 'Description', 'Type', 'Overwrite', 'AllowedPattern', 'Tags', 'Tier', 'DataType'];
const MAX_STANDARD_CHARACTERS = 4096;
/** Public parameters have changed often on AWS; here they never do. */
const PUBLISHED_AT = 0;

/** The parameter store, with the public parameters that templates look up. */
export function createSsmService(cloud: Cloud): LocalService {
  const parameters = new DurableMap<ParameterRecord>(join(cloud.dataFolder, 'ssm', 'parameters.jsonl'));
  return { name: 'ssm', handlers: { ...readHandlers(cloud, parameters), ...writeHandlers(parameters) } };
}

function readHandlers(cloud: Cloud, parameters: DurableMap<ParameterRecord>): Handlers {
  const describe = ({ name, version, number, selector }: Found) => ({
    Name: name,
    Type: version.type,
    Value: version.value,
    Version: number,
    Selector: selector,
    LastModifiedDate: new Date(version.changedAt),
    ARN: `arn:aws:ssm:${cloud.region}:${cloud.accountId}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
    DataType: version.dataType,
  });
  // SecureString values are not encrypted on this machine, so they are shown as they are, decrypted or not.
  return {
    GetParameter({ Name }) {
      const found = find(parameters, Name);
      if (found === undefined) throw notFound(Name);
      return { Parameter: describe(found) };
    },

    GetParameters({ Names }) {
      const names: readonly string[] = Names;
      if (names.length > 10)
        throw new AwsError('ValidationException', `${names.length} names are given; allowed are 1 to 10`);
      const found = names.map((name) => ({ name, parameter: find(parameters, name) }));
      return {
        Parameters: found.flatMap(({ parameter }) => (parameter === undefined ? [] : [describe(parameter)])),
        InvalidParameters: found.filter(({ parameter }) => parameter === undefined).map(({ name }) => name),
      };
    },

    GetParametersByPath(input) {
      refuseMembers(input, {
        operation: 'ssm GetParametersByPath',
        members: ['Path', 'Recursive', 'WithDecryption', 'MaxResults', 'NextToken'],
      });
      const path = input.Path.endsWith('/') ? input.Path : `${input.Path}/`;
      if (!path.startsWith('/')) throw new AwsError('ValidationException', `The path ${input.Path} must begin with /`);
      const names = parameters
        .keys()
        .filter((name) => name.startsWith(path) && (input.Recursive === true || !name.slice(path.length).includes('/')))
        .filter((name) => input.NextToken === undefined || name > input.NextToken)
        .sort();
      const page = names.slice(0, checkMaxResults(input.MaxResults ?? 10));
      const found = page.map((name) => find(parameters, name)).filter((parameter) => parameter !== undefined);
      return { Parameters: found.map(describe), ...(page.length < names.length ? { NextToken: page.at(-1) } : {}) };
    },
  };
}

function writeHandlers(parameters: DurableMap<ParameterRecord>): Handlers {
  return {
    PutParameter(input) {
      refuseMembers(input, { operation: 'ssm PutParameter', members: PUT_MEMBERS });
      checkName(input.Name);
      const before = parameters.get(input.Name);
      if (before !== undefined && input.Overwrite !== true)
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      const version = readVersion(input, before?.versions.at(-1));
      const versions = [...(before?.versions ?? []), version];
      parameters.set(input.Name, { name: input.Name, tags: input.Tags ?? before?.tags ?? [], versions });
      return { Version: versions.length, Tier: input.Tier ?? 'Standard' };
    },

    DeleteParameter({ Name }) {
      if (!parameters.delete(Name)) throw notFound(Name);
      return {};
    },

    DeleteParameters({ Names }) {
      const names: readonly string[] = Names;
      const deleted = names.filter((name) => parameters.delete(name));
      return { DeletedParameters: deleted, InvalidParameters: names.filter((name) => !deleted.includes(name)) };
    },

    AddTagsToResource({ ResourceType, ResourceId, Tags }) {
      const parameter = findTagged(parameters, ResourceType, ResourceId);
      const kept = parameter.tags.filter(({ Key }) => !Tags.some((tag: { Key: string }) => tag.Key === Key));
      parameters.set(ResourceId, { ...parameter, tags: [...kept, ...Tags] });
      return {};
    },

    RemoveTagsFromResource({ ResourceType, ResourceId, TagKeys }) {
      const parameter = findTagged(parameters, ResourceType, ResourceId);
      parameters.set(ResourceId, { ...parameter, tags: parameter.tags.filter(({ Key }) => !TagKeys.includes(Key)) });
      return {};
    },

    ListTagsForResource: ({ ResourceType, ResourceId }) => ({
      TagList: findTagged(parameters, ResourceType, ResourceId).tags,
    }),
  };
}

/** A name, a name:version, or the ARN of either. */
function find(parameters: DurableMap<ParameterRecord>, given: string): Found | undefined {
  const full = given.replace(/^arn:aws:ssm:[^:]*:\d*:parameter/, '');
  const [name = '', selector] = full.split(':');
  const published = findPublicParameter(name);
  if (published !== undefined) {
    const dataType = published.startsWith('ami-') ? 'aws:ec2:image' : 'text';
    return { name, version: { value: published, type: 'String', dataType, changedAt: PUBLISHED_AT }, number: 1 };
  }
  // A name without a hierarchy has a slash only in its ARN.
  const record = parameters.get(name) ?? (given === full ? undefined : parameters.get(name.replace(/^\//, '')));
  if (record === undefined) return undefined;
  const number = selector === undefined ? record.versions.length : Number(selector);
  const version = record.versions[number - 1];
  if (version === undefined)
    throw new AwsError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${selector} of ${name}; the newest is ${record.versions.length}`,
    );
  return { name: record.name, version, number, ...(selector === undefined ? {} : { selector: `:${selector}` }) };
}

interface PutInput {
  readonly Value: string;
  readonly Type?: string;
  readonly DataType?: string;
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly Tier?: string;
}

function readVersion(input: PutInput, before: Version | undefined): Version {
  const type = input.Type ?? before?.type;
  if (type === undefined || !TYPES.includes(type))
    throw new AwsError('ValidationException', `Type is ${type}; allowed: ${TYPES.join(', ')}`);
  if (input.Tier !== undefined && input.Tier !== 'Standard')
    throw new AwsError(
      'ValidationException',
      `The tier ${input.Tier} is not done in the local cloud; allowed: Standard`,
    );
  if (input.Value.length > MAX_STANDARD_CHARACTERS)
    throw new AwsError(
      'ValidationException',
      `The value has ${input.Value.length} characters; a standard parameter takes ${MAX_STANDARD_CHARACTERS}`,
    );
  if (input.AllowedPattern !== undefined && !new RegExp(`^(?:${input.AllowedPattern})$`).test(input.Value))
    throw new AwsError(
      'ParameterPatternMismatchException',
      `The value does not match AllowedPattern ${input.AllowedPattern}`,
    );
  const description = input.Description ?? before?.description;
  return {
    value: input.Value,
    type,
    dataType: input.DataType ?? 'text',
    changedAt: Date.now(),
    ...(description === undefined ? {} : { description }),
  };
}

function checkName(name: string): void {
  if (/^\/?(aws|ssm)/i.test(name))
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  if (!/^\/?[\w.-]+(\/[\w.-]+)*$/.test(name))
    throw new AwsError(
      'ValidationException',
      `Parameter name ${name}: only a-zA-Z0-9_.- are allowed, with / between the levels`,
    );
}

function findTagged(parameters: DurableMap<ParameterRecord>, type: string, name: string): ParameterRecord {
  if (type !== 'Parameter')
    throw new AwsError('InvalidResourceType', `${type} is not done in the local cloud; allowed: Parameter`);
  const parameter = parameters.get(name);
  if (parameter === undefined) throw new AwsError('InvalidResourceId', `There is no parameter ${name}`);
  return parameter;
}

function checkMaxResults(maxResults: number): number {
  if (maxResults >= 1 && maxResults <= 10) return maxResults;
  throw new AwsError('ValidationException', `MaxResults is ${maxResults}; allowed are 1 to 10`);
}

function notFound(name: string): AwsError {
  return new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
}
