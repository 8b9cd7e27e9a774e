import { randomUUID } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { findRole, type IamStore, noSuchEntity } from './iam-store.ts';
import { createRole, describeRole } from './roles.ts';

/** The services whose linked roles templates ask for. Source: AWS services that work with IAM. */
const ROLE_NAMES: Readonly<Record<string, string>> = {
  'autoscaling.amazonaws.com': 'AWSServiceRoleForAutoScaling',
  'ecs.amazonaws.com': 'AWSServiceRoleForECS',
  'ops.apigateway.amazonaws.com': 'AWSServiceRoleForAPIGateway',
};

/** Roles that belong to a service. Deleting one is a task that here has ended when its call answers. */
export function serviceLinkedRoleHandlers(store: IamStore): Handlers {
  const deletions = new Set<string>();
  return {
    CreateServiceLinkedRole(input) {
      refuseMembers(input, {
        operation: 'iam CreateServiceLinkedRole',
        members: ['AWSServiceName', 'Description'],
        code: 'ValidationError',
      });
      const service: string = input.AWSServiceName;
      const name = Object.hasOwn(ROLE_NAMES, service) ? ROLE_NAMES[service] : undefined;
      if (name === undefined)
        throw new AwsError(
          'InvalidInput',
          `${service} has no linked role here; allowed: ${Object.keys(ROLE_NAMES).join(', ')}`,
        );
      if (store.roles.has(name))
        throw new AwsError(
          'InvalidInput',
          `Service role name ${name} has been taken in this account, please try a different suffix.`,
        );
      const role = createRole(store, {
        RoleName: name,
        Path: `/aws-service-role/${service}/`,
        AssumeRolePolicyDocument: trustPolicy(service),
        ...(input.Description === undefined ? {} : { Description: input.Description }),
      });
      return { Role: describeRole(role) };
    },

    DeleteServiceLinkedRole({ RoleName }) {
      const role = findRole(store, RoleName);
      if (!role.path.startsWith('/aws-service-role/'))
        throw new AwsError('InvalidInput', `${RoleName} is not a service-linked role`);
      store.roles.delete(RoleName);
      const id = `task${role.path}${RoleName}/${randomUUID()}`;
      deletions.add(id);
      return { DeletionTaskId: id };
    },

    GetServiceLinkedRoleDeletionStatus({ DeletionTaskId }) {
      if (!deletions.has(DeletionTaskId)) throw noSuchEntity(`Deletion task ${DeletionTaskId} was not found.`);
      return { Status: 'SUCCEEDED' };
    },
  };
}

function trustPolicy(service: string): string {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}
