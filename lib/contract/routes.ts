/** `kafka` functions run inside the VPC and ask Kafka; `aws` functions run outside and call AWS. */
export type RouteGroup = 'aws' | 'kafka';

export type Method = 'GET' | 'POST' | 'DELETE';

/** What a route does; several routes may do the same for different spellings of its path. */
export type Operation =
  | 'listServices'
  | 'installService'
  | 'getService'
  | 'uninstallService'
  | 'listPlans'
  | 'getPlan'
  | 'getPlanInBlocks'
  | 'getConnection'
  | 'listEndpoints'
  | 'getEndpoint'
  | 'listBrokers'
  | 'describeService'
  | 'getOpenApi';

/** One line of the HTTP API. Functions, the CDK app and the OpenAPI document are all made from these. */
export interface Route {
  readonly method: Method;
  /** In HTTP API syntax: `/service/{name}/v1/plans/{plan}`. */
  readonly path: string;
  readonly group: RouteGroup;
  readonly operation: Operation;
  /** Unique: the operation, or the operation with its spelling. */
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Whether it answers without a token. */
  readonly public?: boolean;
}

/** The service that the paths without a name stand for, as in the 1.x guides. */
export const defaultServiceName = 'kafka';

type Line = Omit<Route, 'operationId'>;

/** Paths below `/service/{name}/v1`; mirrored below `/v1` for the service named `kafka`. */
const serviceLines: readonly Line[] = [
  {
    method: 'GET',
    path: '/plans',
    group: 'aws',
    operation: 'listPlans',
    summary: 'Names of the plans',
    description: '`deploy` is the newest install, update or uninstall; `recovery` is listed while a node is recovered.',
  },
  {
    method: 'GET',
    path: '/plans/{plan}',
    group: 'aws',
    operation: 'getPlan',
    summary: 'A plan with its phases, steps and statuses',
    description:
      'By name or id. 200: complete, 202: not complete, 417: has errors. A step that does not go on says why in `waiting`.',
  },
  {
    method: 'GET',
    path: '/plan',
    group: 'aws',
    operation: 'getPlanInBlocks',
    summary: 'The deploy plan in the form of the 1.x guides',
    description: 'Steps are called blocks. 200: complete, otherwise 503 with the same body.',
  },
  {
    method: 'GET',
    path: '/connection',
    group: 'aws',
    operation: 'getConnection',
    summary: 'What a client needs to connect',
    description: 'Addresses of the brokers, and of the controllers in the place of ZooKeeper.',
  },
  {
    method: 'GET',
    path: '/endpoints',
    group: 'aws',
    operation: 'listEndpoints',
    summary: 'Names of the endpoints',
    description: 'One per role of the nodes.',
  },
  {
    method: 'GET',
    path: '/endpoints/{endpoint}',
    group: 'aws',
    operation: 'getEndpoint',
    summary: 'Addresses of an endpoint',
    description: 'Names are empty in a deployment without a private zone.',
  },
  {
    method: 'GET',
    path: '/brokers',
    group: 'kafka',
    operation: 'listBrokers',
    summary: 'Ids of the brokers that serve',
    description: 'Asked from Kafka now: brokers that are registered and not fenced.',
  },
  {
    method: 'GET',
    path: '/describe',
    group: 'aws',
    operation: 'describeService',
    summary: 'Version and resolved options',
    description: 'Every option has a value; `resolvedOptions` can be given to an install again.',
  },
];

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
    method: 'DELETE',
    path: '/service/{name}',
    group: 'aws',
    operation: 'uninstallService',
    operationId: 'uninstallService',
    summary: 'Uninstall a service',
    description:
      'Stops its nodes and deletes its volumes, unless `keepVolumes=true`. `confirm` must repeat the name. 202 with the Location of the plan.',
  },
  ...serviceLines.map((line) => ({ ...line, path: `/service/{name}/v1${line.path}`, operationId: line.operation })),
  ...serviceLines.map((line) => ({
    ...line,
    path: `/v1${line.path}`,
    operationId: `${line.operation}OfKafka`,
    description: `For the service named ${defaultServiceName}. ${line.description}`,
  })),
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
