import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Handlers, LocalService } from '../core/service.ts';
import { createAuthorizer } from './authorizer.ts';
import { openIamStore } from './iam-store.ts';
import { instanceProfileHandlers } from './instance-profiles.ts';
import { managedPolicyHandlers } from './managed-policies.ts';
import { rolePolicyHandlers } from './role-policies.ts';
import { roleHandlers } from './roles.ts';
import { serviceLinkedRoleHandlers } from './service-linked-roles.ts';

const PAGE_MEMBERS = ['Marker', 'MaxItems'];
const LIST_MEMBERS = [...PAGE_MEMBERS, 'EntityFilter', 'OnlyAttached', 'PathPrefix', 'PolicyUsageFilter'];

/** IAM: keeps roles, policies and instance profiles, validates their documents and enforces them on every call. */
export function createIamService(cloud: Cloud): LocalService {
  const store = openIamStore(cloud);
  return {
    name: 'iam',
    authorizer: createAuthorizer(store),
    handlers: refusePages({
      ...roleHandlers(store),
      ...rolePolicyHandlers(store),
      ...instanceProfileHandlers(store),
      ...managedPolicyHandlers(store),
      ...serviceLinkedRoleHandlers(store),
    }),
  };
}

/** Lists are answered whole: an account has a few dozen roles. */
function refusePages(handlers: Handlers): Handlers {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      (input, context) => {
        for (const member of name === 'ListRoles' || name.startsWith('Create') ? PAGE_MEMBERS : LIST_MEMBERS)
          if (input[member] !== undefined)
            throw new AwsError(
              'ValidationError',
              `iam ${name}: ${member} is not done in the local cloud, lists come whole`,
            );
        return handler(input, context);
      },
    ]),
  );
}
