import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceDriver } from '../resource-driver.ts';
import { requiredText } from './pick.ts';

const PROPERTIES = [
  'Action',
  'EventSourceToken',
  'FunctionName',
  'FunctionUrlAuthType',
  'Principal',
  'PrincipalOrgID',
  'SourceAccount',
  'SourceArn',
];

/** AWS::Lambda::Permission: one statement of a function's policy. */
export const lambdaPermission: ResourceDriver = {
  type: 'AWS::Lambda::Permission',
  properties: PROPERTIES,
  replaceOn: ['*'],
  create: async (context, properties) => {
    const StatementId = context.name(100);
    await createOnce(context.isRetry, context.call('lambda', 'AddPermission', { StatementId, ...properties }));
    context.remember(StatementId);
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },
  update: async (_context, resource) => resource,
  delete: (context, resource, properties) =>
    ignoreGone(
      context.call('lambda', 'RemovePermission', {
        FunctionName: requiredText(properties, 'FunctionName'),
        StatementId: resource.physicalId,
      }),
    ),
};
