import { defaultServiceName } from './default-service-name.ts';
import type { Line, Route } from './route.ts';
import { serviceLines } from './service-routes.ts';

/** All routes. */
export const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/services',
    group: 'aws',
    operation: 'listServices',
    operationId: 'listServices',
    summary: 'All services',
    description: 'Name, status and version of each service that lives.',
  },
  {
    method: 'POST',
    path: '/services',
    group: 'aws',
    operation: 'installService',
    operationId: 'installService',
    summary: 'Install a service',
    description:
      'Checks the options, stores their config and starts the plan. 202 with the Location of the plan; 400 names every option that is refused.',
  },
  {
    method: 'GET',
    path: '/service/{name}',
    group: 'aws',
    operation: 'getService',
    operationId: 'getService',
    summary: 'A service',
    description: 'Also for 30 days after its uninstall, unless its name is used again.',
  },
  {
    method: 'PATCH',
    path: '/service/{name}',
    group: 'aws',
    operation: 'updateService',
    operationId: 'updateService',
    summary: 'Change a service, or see what a change would do',
    description:
      'Options are merged: defaults ← stored ← given (`replace`: without stored). 202 with the Location of the plan; 200 when nothing changes; 400 names every option that is refused: nothing is changed then, and the errors stand in plan `deploy` until the next accepted change. `preview=true` changes nothing and answers 200 with the plan, which is started by its id with POST …/v1/plans/{plan}/start.',
  },
  {
    method: 'DELETE',
    path: '/service/{name}',
    group: 'aws',
    operation: 'uninstallService',
    operationId: 'uninstallService',
    summary: 'Uninstall a service',
    description:
      'Stops its nodes and deletes its volumes, unless `keepVolumes=true`. `confirm` must repeat the name. 202 with the Location of the plan.',
  },
  ...serviceLines.map((line) => ({ ...line, path: `/service/{name}/v1${line.path}`, operationId: idOf(line) })),
  ...serviceLines.map((line) => ({
    ...line,
    path: `/v1${line.path}`,
    operationId: `${idOf(line)}OfKafka`,
    description: `For the service named ${defaultServiceName}. ${line.description}`,
  })),
  {
    method: 'GET',
    path: '/health',
    group: 'aws',
    operation: 'getDeploymentHealth',
    operationId: 'getDeploymentHealth',
    summary: 'How the whole deployment is',
    description:
      'The gravest value of all services; 206 when events got lost while all of them run. Each service with its value, and the dead-letter queues with their counts.',
  },
  {
    method: 'POST',
    path: '/admin/allow-destroy',
    group: 'aws',
    operation: 'allowDestroy',
    operationId: 'allowDestroy',
    summary: 'Allow cdk destroy',
    description:
      'Lifts the termination protection of the stack and bars installs, until /admin/forbid-destroy or until the stack is protected again by a later cdk deploy. Refused while a service exists.',
  },
  {
    method: 'POST',
    path: '/admin/forbid-destroy',
    group: 'aws',
    operation: 'forbidDestroy',
    operationId: 'forbidDestroy',
    summary: 'Forbid cdk destroy again',
    description: 'Protects the stack and opens installs. Harmless to repeat.',
  },
  {
    method: 'GET',
    path: '/openapi.json',
    group: 'aws',
    operation: 'getOpenApi',
    operationId: 'getOpenApi',
    summary: 'This API as an OpenAPI 3.1 document',
    description: 'Made from the table that also routes the requests.',
    public: true,
  },
];

function idOf({ operation, operationId }: Line): string {
  return operationId ?? operation;
}
