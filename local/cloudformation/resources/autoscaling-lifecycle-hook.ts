import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { requiredText, textOf } from './pick.ts';

/** AWS::AutoScaling::LifecycleHook. Putting a hook again changes nothing. */
export const autoscalingLifecycleHook: ResourceDriver = {
  type: 'AWS::AutoScaling::LifecycleHook',
  properties: [
    'AutoScalingGroupName',
    'DefaultResult',
    'HeartbeatTimeout',
    'LifecycleHookName',
    'LifecycleTransition',
    'NotificationMetadata',
    'NotificationTargetARN',
    'RoleARN',
  ],
  replaceOn: ['AutoScalingGroupName', 'LifecycleHookName', 'LifecycleTransition'],
  nameProperty: 'LifecycleHookName',
  create: async (context, properties) => {
    const name = textOf(properties, 'LifecycleHookName') ?? context.name(255);
    await put(context, name, properties);
    context.remember(name);
    return { physicalId: name, attributes: {} };
  },
  update: async (context, resource, { after }) => {
    await put(context, resource.physicalId, after);
    return resource;
  },
  delete: (context, resource, properties) =>
    ignoreGone(
      context.call('autoscaling', 'DeleteLifecycleHook', {
        AutoScalingGroupName: requiredText(properties, 'AutoScalingGroupName'),
        LifecycleHookName: resource.physicalId,
      }),
    ),
};

async function put(context: ResourceContext, LifecycleHookName: string, properties: JsonObject): Promise<void> {
  await context.call('autoscaling', 'PutLifecycleHook', { ...properties, LifecycleHookName });
}
