import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateVersionRequest,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplateVersionsRequest,
  LaunchTemplate,
  LaunchTemplateVersion,
  ModifyLaunchTemplateRequest,
  RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { filterBy, pageOf } from './describe.ts';
import { newId } from './ids.ts';
import type { LaunchTemplateRecord, VersionRecord } from './records.ts';
import type { Ec2Store } from './store.ts';
import { tagsFor } from './tags.ts';

/** Names a launch template as RunInstances and Auto Scaling do. */
export interface TemplateReference {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
  readonly Version?: string | undefined;
}

/** Launch templates. */
export function launchTemplateHandlers(cloud: Cloud, store: Ec2Store): Handlers {
  const show = (record: LaunchTemplateRecord): LaunchTemplate => showTemplate(cloud, store, record);
  return {
    CreateLaunchTemplate: (input: CreateLaunchTemplateRequest) => ({ LaunchTemplate: show(create(store, input)) }),
    CreateLaunchTemplateVersion: (input: CreateLaunchTemplateVersionRequest) => {
      onlyMembers('CreateLaunchTemplateVersion', input, [
        'LaunchTemplateId',
        'LaunchTemplateName',
        'LaunchTemplateData',
        'VersionDescription',
      ]);
      const record = requireTemplate(store, input);
      const versions = [...record.versions, newVersion(input)];
      store.templates.set(record.id, { ...record, versions });
      return { LaunchTemplateVersion: showVersion(cloud, { ...record, versions }, versions.length) };
    },
    ModifyLaunchTemplate: (input: ModifyLaunchTemplateRequest) => {
      onlyMembers('ModifyLaunchTemplate', input, ['LaunchTemplateId', 'LaunchTemplateName', 'DefaultVersion']);
      const record = requireTemplate(store, input);
      const defaultVersion = versionNumber(record, input.DefaultVersion ?? String(record.defaultVersion));
      const changed = { ...record, defaultVersion };
      store.templates.set(record.id, changed);
      return { LaunchTemplate: show(changed) };
    },
    DescribeLaunchTemplates: (input: DescribeLaunchTemplatesRequest) => describe(store, input, show),
    DescribeLaunchTemplateVersions: (input: DescribeLaunchTemplateVersionsRequest) => {
      onlyMembers('DescribeLaunchTemplateVersions', input, [
        'LaunchTemplateId',
        'LaunchTemplateName',
        'Versions',
        'MaxResults',
        'NextToken',
      ]);
      const record = requireTemplate(store, input);
      const all = record.versions.map((_version, index) => index + 1);
      const wanted = input.Versions?.length
        ? input.Versions.map((version) => versionNumber(record, version))
        : all.toReversed();
      const { items, ...rest } = pageOf(wanted, input);
      return { LaunchTemplateVersions: items.map((number) => showVersion(cloud, record, number)), ...rest };
    },
    DeleteLaunchTemplate: (input: TemplateReference) => {
      onlyMembers('DeleteLaunchTemplate', input, ['LaunchTemplateId', 'LaunchTemplateName']);
      const record = requireTemplate(store, input);
      store.templates.delete(record.id);
      const shown = show(record);
      store.tags.forget(record.id);
      return { LaunchTemplate: shown };
    },
  };
}

/** The data of the version that a reference names; `$Default` when it names none. */
export function templateData(store: Ec2Store, reference: TemplateReference): RequestLaunchTemplateData {
  const record = requireTemplate(store, reference);
  return record.versions[versionNumber(record, reference.Version ?? '$Default') - 1]?.data ?? {};
}

function create(store: Ec2Store, input: CreateLaunchTemplateRequest): LaunchTemplateRecord {
  onlyMembers('CreateLaunchTemplate', input, [
    'LaunchTemplateName',
    'LaunchTemplateData',
    'VersionDescription',
    'TagSpecifications',
    'ClientToken',
  ]);
  const name = input.LaunchTemplateName ?? '';
  if (!/^[a-zA-Z0-9().\-/_]{3,128}$/.test(name))
    throw new AwsError(
      'InvalidLaunchTemplateName.MalformedException',
      `Launch template name '${name}' is invalid: use 3 to 128 of a-z A-Z 0-9 ( ) . - / _`,
    );
  if (store.templates.values().some((one) => one.name === name))
    throw new AwsError(
      'InvalidLaunchTemplateName.AlreadyExistsException',
      `Launch template name already in use: ${name}.`,
    );
  const record: LaunchTemplateRecord = {
    id: newId('lt'),
    name,
    createdAt: Date.now(),
    defaultVersion: 1,
    versions: [newVersion(input)],
  };
  store.templates.set(record.id, record);
  store.tags.add(record.id, tagsFor('launch-template', input.TagSpecifications));
  return record;
}

function newVersion(input: CreateLaunchTemplateRequest | CreateLaunchTemplateVersionRequest): VersionRecord {
  const { LaunchTemplateData: data, VersionDescription: description } = input;
  if (data === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter LaunchTemplateData');
  return { data, createdAt: Date.now(), ...(description !== undefined && { description }) };
}

function describe(
  store: Ec2Store,
  input: DescribeLaunchTemplatesRequest,
  show: (record: LaunchTemplateRecord) => LaunchTemplate,
): object {
  onlyMembers('DescribeLaunchTemplates', input, [
    'LaunchTemplateIds',
    'LaunchTemplateNames',
    'Filters',
    'MaxResults',
    'NextToken',
  ]);
  const byId = (input.LaunchTemplateIds ?? []).map((LaunchTemplateId) => requireTemplate(store, { LaunchTemplateId }));
  const byName = (input.LaunchTemplateNames ?? []).map((LaunchTemplateName) =>
    requireTemplate(store, { LaunchTemplateName }),
  );
  const named = [...byId, ...byName];
  const found = filterBy(named.length > 0 ? named : store.templates.values(), input.Filters, (record) => ({
    values: { 'launch-template-name': [record.name] },
    tags: store.tags.of(record.id),
  }));
  const { items, ...rest } = pageOf(found, input);
  return { LaunchTemplates: items.map(show), ...rest };
}

function requireTemplate(
  store: Ec2Store,
  { LaunchTemplateId: id, LaunchTemplateName: name }: TemplateReference,
): LaunchTemplateRecord {
  const record = id === undefined ? store.templates.values().find((one) => one.name === name) : store.templates.get(id);
  if (record !== undefined) return record;
  if (id !== undefined)
    throw new AwsError(
      'InvalidLaunchTemplateId.NotFound',
      `The specified launch template, with template ID ${id}, does not exist.`,
    );
  throw new AwsError(
    'InvalidLaunchTemplateName.NotFoundException',
    `The specified launch template, with template name ${name}, does not exist.`,
  );
}

function versionNumber(record: LaunchTemplateRecord, version: string): number {
  const number =
    version === '$Latest' ? record.versions.length : version === '$Default' ? record.defaultVersion : Number(version);
  if (record.versions[number - 1] !== undefined) return number;
  throw new AwsError(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find the specified version ${version} for the launch template with ID ${record.id}.`,
  );
}

function showTemplate(cloud: Cloud, store: Ec2Store, record: LaunchTemplateRecord): LaunchTemplate {
  return {
    LaunchTemplateId: record.id,
    LaunchTemplateName: record.name,
    CreateTime: new Date(record.createdAt),
    CreatedBy: `arn:aws:iam::${cloud.accountId}:root`,
    DefaultVersionNumber: record.defaultVersion,
    LatestVersionNumber: record.versions.length,
    Tags: store.tags.of(record.id),
  };
}

function showVersion(cloud: Cloud, record: LaunchTemplateRecord, number: number): LaunchTemplateVersion {
  const version = record.versions[number - 1];
  return {
    LaunchTemplateId: record.id,
    LaunchTemplateName: record.name,
    VersionNumber: number,
    DefaultVersion: record.defaultVersion === number,
    CreateTime: new Date(version?.createdAt ?? 0),
    CreatedBy: `arn:aws:iam::${cloud.accountId}:root`,
    ...(version?.description !== undefined && { VersionDescription: version.description }),
    LaunchTemplateData: version?.data as NonNullable<LaunchTemplateVersion['LaunchTemplateData']>,
  };
}
