import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { LooseInput, PhysicalResource, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isJsonList, type JsonObject } from '../template/json.ts';
import { ownershipTags } from './ownership-tags.ts';
import { pick, textOf } from './pick.ts';
import { tagList } from './tag-change.ts';

/** AWS::EC2::LaunchTemplate. Changed data becomes a new version, which is also made the default. */
export const ec2LaunchTemplate: ResourceDriver = {
  type: 'AWS::EC2::LaunchTemplate',
  properties: ['LaunchTemplateData', 'LaunchTemplateName', 'TagSpecifications', 'VersionDescription'],
  replaceOn: ['LaunchTemplateName', 'TagSpecifications'],
  nameProperty: 'LaunchTemplateName',
  changingAttributes: ['DefaultVersionNumber', 'LatestVersionNumber'],
  create: async (context, properties) => {
    const LaunchTemplateName = textOf(properties, 'LaunchTemplateName') ?? context.name(128);
    await createOnce(
      context.isRetry,
      context.call('ec2', 'CreateLaunchTemplate', {
        LaunchTemplateName,
        ...pick(properties, ['LaunchTemplateData', 'VersionDescription']),
        TagSpecifications: [tagSpecification(context, properties)],
        ClientToken: context.token,
      }),
    );
    const made = await describe(context, { LaunchTemplateNames: [LaunchTemplateName] });
    context.remember(made.physicalId);
    return made;
  },
  update: async (context, resource, { after }) => {
    const LaunchTemplateId = resource.physicalId;
    const input = { LaunchTemplateId, ...pick(after, ['LaunchTemplateData', 'VersionDescription']) };
    const { LaunchTemplateVersion } = await context.call('ec2', 'CreateLaunchTemplateVersion', input);
    const DefaultVersion = String(LaunchTemplateVersion.VersionNumber);
    await context.call('ec2', 'ModifyLaunchTemplate', { LaunchTemplateId, DefaultVersion });
    return describe(context, { LaunchTemplateIds: [LaunchTemplateId] });
  },
  delete: (context, resource) =>
    ignoreGone(context.call('ec2', 'DeleteLaunchTemplate', { LaunchTemplateId: resource.physicalId })),
};

function tagSpecification(context: ResourceContext, properties: JsonObject): JsonObject {
  const specifications = properties['TagSpecifications'];
  const own = isJsonList(specifications) ? specifications.flatMap((item) => tagList(item as JsonObject)) : [];
  const owner = Object.entries(ownershipTags(context)).map(([Key, Value]) => ({ Key, Value }));
  return { ResourceType: 'launch-template', Tags: [...own.map((tag) => ({ ...tag })), ...owner] };
}

async function describe(context: ResourceContext, which: LooseInput): Promise<PhysicalResource> {
  const { LaunchTemplates } = await context.call('ec2', 'DescribeLaunchTemplates', which);
  const { LaunchTemplateId, DefaultVersionNumber, LatestVersionNumber } = LaunchTemplates[0];
  return {
    physicalId: LaunchTemplateId,
    attributes: {
      DefaultVersionNumber: String(DefaultVersionNumber),
      LatestVersionNumber: String(LatestVersionNumber),
      LaunchTemplateId,
    },
  };
}
