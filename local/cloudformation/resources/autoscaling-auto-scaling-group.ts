import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { PropertyChange, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isJsonList, isJsonObject, type JsonObject } from '../template/json.ts';
import { pick, textList, textOf } from './pick.ts';

const SETTINGS = [
  'AvailabilityZones',
  'CapacityRebalance',
  'Cooldown',
  'DefaultInstanceWarmup',
  'DesiredCapacity',
  'HealthCheckGracePeriod',
  'HealthCheckType',
  'LaunchTemplate',
  'MaxInstanceLifetime',
  'MaxSize',
  'MinSize',
  'NewInstancesProtectedFromScaleIn',
  'TerminationPolicies',
];

/** AWS::AutoScaling::AutoScalingGroup. */
export const autoscalingAutoScalingGroup: ResourceDriver = {
  type: 'AWS::AutoScaling::AutoScalingGroup',
  properties: [...SETTINGS, 'AutoScalingGroupName', 'Tags', 'VPCZoneIdentifier'],
  replaceOn: ['AutoScalingGroupName'],
  nameProperty: 'AutoScalingGroupName',
  tags: 'list',
  create: async (context, properties) => {
    const AutoScalingGroupName = textOf(properties, 'AutoScalingGroupName') ?? context.name(255);
    const input = {
      AutoScalingGroupName,
      ...settingsOf(properties, SETTINGS),
      Tags: tagsOf(AutoScalingGroupName, properties),
    };
    await createOnce(context.isRetry, context.call('autoscaling', 'CreateAutoScalingGroup', input));
    context.remember(AutoScalingGroupName);
    const group = await find(context, AutoScalingGroupName);
    const arn = group?.AutoScalingGroupARN === undefined ? {} : { AutoScalingGroupARN: group.AutoScalingGroupARN };
    return { physicalId: AutoScalingGroupName, attributes: arn };
  },
  update: async (context, resource, change) => {
    const AutoScalingGroupName = resource.physicalId;
    // A size that the template leaves alone is not sent: someone else may have changed it.
    const changed = settingsOf(
      change.after,
      SETTINGS.filter((name) => change.changed.has(name)),
    );
    const zones = change.changed.has('VPCZoneIdentifier') ? subnetsOf(change.after) : {};
    const { VPCZoneIdentifier: _, ...settings } = changed;
    if (Object.keys({ ...settings, ...zones }).length > 0)
      await context.call('autoscaling', 'UpdateAutoScalingGroup', { AutoScalingGroupName, ...settings, ...zones });
    await setTags(context, AutoScalingGroupName, change);
    return resource;
  },
  delete: async (context, resource) => {
    const AutoScalingGroupName = resource.physicalId;
    if ((await find(context, AutoScalingGroupName)) === undefined) return;
    await ignoreGone(
      context.call('autoscaling', 'DeleteAutoScalingGroup', { AutoScalingGroupName, ForceDelete: true }),
    );
    await context.until(async () => ((await find(context, AutoScalingGroupName)) === undefined ? true : undefined));
  },
};

function settingsOf(properties: JsonObject, names: readonly string[]): JsonObject {
  const { Cooldown: cooldown, ...rest } = pick(properties, names);
  return { ...rest, ...(cooldown === undefined ? {} : { DefaultCooldown: cooldown }), ...subnetsOf(properties) };
}

function subnetsOf(properties: JsonObject): JsonObject {
  const subnets = textList(properties, 'VPCZoneIdentifier');
  return subnets.length === 0 ? {} : { VPCZoneIdentifier: subnets.join(',') };
}

/** A stack's tags say nothing of instances, and go to them. */
function tagsOf(ResourceId: string, properties: JsonObject): readonly JsonObject[] {
  const tags = properties['Tags'];
  const list = isJsonList(tags) ? tags.filter(isJsonObject) : [];
  return list.map((tag) => ({ PropagateAtLaunch: true, ...tag, ResourceId, ResourceType: 'auto-scaling-group' }));
}

async function setTags(context: ResourceContext, name: string, { before, after }: PropertyChange): Promise<void> {
  const [old, wanted] = [tagsOf(name, before), tagsOf(name, after)];
  const removed = old.filter((tag) => !wanted.some((other) => other['Key'] === tag['Key']));
  if (wanted.length > 0) await context.call('autoscaling', 'CreateOrUpdateTags', { Tags: wanted });
  if (removed.length > 0) await context.call('autoscaling', 'DeleteTags', { Tags: removed });
}

async function find(
  context: ResourceContext,
  name: string,
): Promise<{ readonly AutoScalingGroupARN?: string } | undefined> {
  const answer = await context.call('autoscaling', 'DescribeAutoScalingGroups', { AutoScalingGroupNames: [name] });
  return answer.AutoScalingGroups?.[0];
}
