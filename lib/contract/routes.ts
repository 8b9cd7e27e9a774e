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
  },
  {
    method: 'POST',
    path: '/services',
    group: 'deployment',
    operation: 'installService',
    operationId: 'installService',
  },
  {
    method: 'GET',
    path: '/service/{name}',
    group: 'aws',
    operation: 'getService',
    operationId: 'getService',
  },
  {
    method: 'PATCH',
    path: '/service/{name}',
    group: 'aws',
    operation: 'updateService',
    operationId: 'updateService',
  },
  {
    method: 'DELETE',
    path: '/service/{name}',
    group: 'aws',
    operation: 'uninstallService',
    operationId: 'uninstallService',
  },
  ...serviceLines.map((line) => ({ ...line, path: `/service/{name}/v1${line.path}`, operationId: idOf(line) })),
  ...serviceLines.map((line) => ({
    ...line,
    path: `/v1${line.path}`,
    operationId: `${idOf(line)}OfKafka`,
  })),
  {
    method: 'GET',
    path: '/health',
    group: 'aws',
    operation: 'getDeploymentHealth',
    operationId: 'getDeploymentHealth',
  },
  {
    method: 'GET',
    path: '/v1/orphans',
    group: 'aws',
    operation: 'listOrphans',
    operationId: 'listOrphans',
  },
  {
    method: 'GET',
    path: '/service/{name}/v1/orphans',
    group: 'aws',
    operation: 'listOrphansOfService',
    operationId: 'listOrphansOfService',
  },
  {
    method: 'GET',
    path: '/v1/hosts',
    group: 'aws',
    operation: 'listHosts',
    operationId: 'listHosts',
  },
  {
    method: 'POST',
    path: '/v1/hosts/{instanceId}/fence',
    group: 'commands',
    operation: 'fenceHost',
    operationId: 'fenceHost',
  },
  {
    method: 'POST',
    path: '/admin/allow-destroy',
    group: 'deployment',
    operation: 'allowDestroy',
    operationId: 'allowDestroy',
  },
  {
    method: 'POST',
    path: '/admin/forbid-destroy',
    group: 'deployment',
    operation: 'forbidDestroy',
    operationId: 'forbidDestroy',
  },
  {
    method: 'GET',
    path: '/openapi.json',
    group: 'aws',
    operation: 'getOpenApi',
    operationId: 'getOpenApi',
    public: true,
  },
];

function idOf({ operation, operationId }: Line): string {
  return operationId ?? operation;
}
