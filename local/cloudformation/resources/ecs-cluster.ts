import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceDriver } from '../resource-driver.ts';
import { pick, textOf } from './pick.ts';
import { tagChange, tagList } from './tag-change.ts';

const SETTINGS = ['ClusterSettings', 'Configuration', 'ServiceConnectDefaults'];

/** AWS::ECS::Cluster. Creating a cluster again under its name answers the same cluster. */
export const ecsCluster: ResourceDriver = {
  type: 'AWS::ECS::Cluster',
  properties: [...SETTINGS, 'ClusterName', 'Tags'],
  replaceOn: ['ClusterName'],
  nameProperty: 'ClusterName',
  tags: 'list',
  create: async (context, properties) => {
    const clusterName = textOf(properties, 'ClusterName') ?? context.name(255);
    const { ClusterSettings: settings, ...rest } = pick(properties, SETTINGS);
    const tags = tagList(properties);
    const { cluster } = await context.call('ecs', 'CreateCluster', {
      clusterName,
      ...rest,
      ...(settings === undefined ? {} : { settings }),
      ...(tags.length === 0 ? {} : { tags }),
    });
    context.remember(clusterName);
    return { physicalId: clusterName, attributes: { Arn: cluster.clusterArn } };
  },
  update: async (context, resource, change) => {
    const { after, changed } = change;
    if (SETTINGS.some((name) => changed.has(name))) {
      const { ClusterSettings: settings, ...rest } = pick(after, SETTINGS);
      const input = { cluster: resource.physicalId, ...rest, ...(settings === undefined ? {} : { settings }) };
      await context.call('ecs', 'UpdateCluster', input);
    }
    const { set, removed } = tagChange(change);
    const resourceArn = resource.attributes['Arn'];
    if (set.length > 0) await context.call('ecs', 'TagResource', { resourceArn, tags: set });
    if (removed.length > 0) await context.call('ecs', 'UntagResource', { resourceArn, tagKeys: removed });
    return resource;
  },
  delete: (context, resource) => ignoreGone(context.call('ecs', 'DeleteCluster', { cluster: resource.physicalId })),
};
