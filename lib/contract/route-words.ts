import type { Operation } from './route.ts';

/** What a route is for, in the OpenAPI document. */
export interface RouteWords {
  readonly summary: string;
  readonly description: string;
}

/** Apart from the table of routes: functions route by that and need no words. */
export const routeWords: Readonly<Record<Operation, RouteWords>> = {
  listServices: {
    summary: 'All services',
    description: 'Name, status and version of each service that lives.',
  },
  installService: {
    summary: 'Install a service',
    description:
      'Checks the options, stores their config and starts the plan. 202 with the Location of the plan; 400 names every option that is refused.',
  },
  getService: {
    summary: 'A service',
    description: 'Also for 30 days after its uninstall, unless its name is used again.',
  },
  updateService: {
    summary: 'Change a service, or see what a change would do',
    description:
      'Options are merged: defaults ← stored ← given (`replace`: without stored). 202 with the Location of the plan; 200 when nothing changes; 400 names every option that is refused: nothing is changed then, and the errors stand in plan `deploy` until the next accepted change. `preview=true` changes nothing and answers 200 with the plan, which is started by its id with POST …/v1/plans/{plan}/start.',
  },
  uninstallService: {
    summary: 'Uninstall a service',
    description:
      'Stops its nodes and deletes its volumes, unless `keepVolumes=true`. `confirm` must repeat the name. 202 with the Location of the plan.',
  },
  hibernateService: {
    summary: 'Hibernate a service',
    description:
      'Stops all its nodes, brokers before controllers, and leaves them down until it is resumed. Volumes, hosts, ports and names stay its own. Meanwhile updates and words about single nodes are refused. 202 with the Location of the plan; 208 when it hibernates already.',
  },
  resumeService: {
    summary: 'Resume a service that hibernates',
    description:
      'Starts all its nodes, controllers before brokers and otherwise side by side, in the target config; a node that is paused stays so. 202 with the Location of the plan; 208 when it does not hibernate.',
  },
  listPlans: {
    summary: 'Names of the plans',
    description:
      '`deploy` is the newest plan; a hibernation and a resume have their own names as well while they are that; `recovery` is listed while a node is recovered.',
  },
  getPlan: {
    summary: 'A plan with its phases, steps and statuses',
    description:
      'By name or id. 200: complete, 202: not complete, 417: has errors. A step that does not go on says why in `waiting`.',
  },
  getPlanInBlocks: {
    summary: 'The deploy plan in the form of the 1.x guides',
    description: 'Steps are called blocks. 200: complete, otherwise 503 with the same body.',
  },
  getActiveBlocks: {
    summary: 'What of the deploy plan is active, in the form of the 1.x guides',
    description: 'The first block that is not complete, with its phase; both are absent once the plan is complete.',
  },
  startPlan: {
    summary: 'Start a plan, or apply a preview',
    description:
      'A complete plan is walked again from its first step. The id of a preview makes it the plan of the service: 202 with its Location, or 409 when the service was changed since. Plans take no parameters: the body is `{}` or none. A plan that goes on is left alone. 208 when the preview was applied before, and for an uninstall and plans that a newer one took over from.',
  },
  stopPlan: {
    summary: 'Stop a plan',
    description:
      'Interrupts it and sets its steps back: once it goes on, it begins again. A step at work is finished. Also 200 when it is stopped; 208 for an uninstall and plans that a newer one took over from.',
  },
  continuePlan: {
    summary: 'Go on',
    description:
      'Takes an interruption back, or passes the decision point that a canary strategy waits at. 208 when it is so already.',
  },
  interruptPlan: {
    summary: 'Begin no further step',
    description: 'A step at work is finished. 208 when it is so already.',
  },
  forceCompletePlan: {
    summary: 'Count a step, a phase or the plan as complete',
    description: 'Whatever became of it: the plan goes on with what comes after it. 208 when it is so already.',
  },
  restartPlan: {
    summary: 'Do a step, a phase or the plan again',
    description:
      'Each of its nodes is restarted, one after another, under the rules of every roll. 208 when it is so already.',
  },
  continueBlocks: {
    summary: 'Go on, in the form of the 1.x guides',
    description:
      'On the deploy plan. Takes an interruption back, or passes the decision point that a canary strategy waits at. 208 when it is so already.',
  },
  interruptBlocks: {
    summary: 'Begin no further step, in the form of the 1.x guides',
    description: 'On the deploy plan. A step at work is finished. 208 when it is so already.',
  },
  forceCompleteBlocks: {
    summary: 'Count a step, a phase or the plan as complete, in the form of the 1.x guides',
    description:
      'On the deploy plan. Whatever became of it: the plan goes on with what comes after it. 208 when it is so already.',
  },
  restartBlocks: {
    summary: 'Do a step, a phase or the plan again, in the form of the 1.x guides',
    description:
      'On the deploy plan. Each of its nodes is restarted, one after another, under the rules of every roll. 208 when it is so already.',
  },
  commandBlocks: {
    summary: 'A command on the deploy plan, in the form of the 1.x guides',
    description: '`cmd` is continue, interrupt, forceComplete or restart. 208 when it is so already.',
  },
  listOperations: {
    summary: 'What was asked of the service, and what came of it',
    description:
      'Newest first: who asked (the name of the token), what changed, the plan, the outcome as it is now. `cursor` is there while older ones are left: the next page is `before` it. For 30 days after an uninstall too: its newest operations, at most 20.',
  },
  getConnection: {
    summary: 'What a client needs to connect',
    description: 'Addresses of the brokers, and of the controllers in the place of ZooKeeper.',
  },
  listEndpoints: {
    summary: 'Names of the endpoints',
    description: 'One per role of the nodes.',
  },
  getEndpoint: {
    summary: 'Addresses of an endpoint',
    description: 'Names are empty in a deployment without a private zone.',
  },
  listBrokers: {
    summary: 'Ids of the brokers that serve',
    description: 'Asked from Kafka now: brokers that are registered and not fenced.',
  },
  restartBroker: {
    summary: 'Restart a broker in place, in the form of the 1.x guides',
    description:
      'As a restart of its pod. With `replace=true` as a replacement of it, with its volume. The answer lists the task that is restarted or replaced.',
  },
  listPods: { summary: 'Names of the pods', description: 'One per node: brokers first, then controllers.' },
  getPodsStatus: {
    summary: 'The pods and the statuses of their tasks',
    description: 'By type. PAUSING and PAUSED: an operator has paused it.',
  },
  getPodStatus: { summary: 'A pod and the status of its task', description: 'As it is listed among all pods.' },
  getPodInfo: {
    summary: 'What is known of the task of a pod',
    description: 'Where it runs, in which config, on which volume, and what ECS said of it last.',
  },
  restartPod: {
    summary: 'Restart a pod in place',
    description:
      'In the config that it has, on its host and volume, under the rules of every roll: it waits while another node is down by our hand, or while a partition needs it. One that is down is started at once. A start since then answers it.',
  },
  replacePod: {
    summary: 'Have a pod start on another host, with its volume or with an empty one',
    description:
      'Under the rules of every roll. With its volume in the same zone: nothing is stopped before another host there has room. With an empty one (`volume=discard`) also in another zone: it waits while the pod holds a partition of which no other live replica is in sync, unless `force=true`, and for a controller while the others are no majority. It is looked at again after the stop. The old volume is deleted once the pod is in sync without it. A resume takes a replacement back that is not decided.',
  },
  pausePod: {
    summary: 'Stop a pod and leave it down',
    description:
      'Under the rules of a restart, and shown as PAUSING meanwhile. It keeps its volume, its host and the place of the one node that may be down by our hand: a second pause waits. Until it is resumed, or `until` (body) or `for` (query) is over.',
  },
  resumePod: {
    summary: 'Bring a paused pod back',
    description:
      'Also one that was deactivated. Of one that is not paused it takes a replacement back that is not decided. Otherwise nothing is to be done, which is answered 200, too.',
  },
  getDrift: {
    summary: 'Dynamic configs that others have set',
    description:
      "Asked from Kafka now: overrides of brokers, and defaults of all brokers, that do not follow from the service's options. The next step of a plan or recovery that brings up a broker takes them back.",
  },
  describeService: {
    summary: 'Version and resolved options',
    description: 'Every option has a value; `resolvedOptions` can be given to an install again.',
  },
  listConfigs: {
    summary: 'Ids of all configurations',
    description: 'Newest first. A configuration is kept while the service lives.',
  },
  getTargetConfigId: {
    summary: 'Id of the target configuration',
    description: 'A list of exactly one id, as in the guides.',
  },
  getTargetConfig: {
    summary: 'The target configuration',
    description: 'What the nodes are brought to. The same body as for its id.',
  },
  getConfig: {
    summary: 'A configuration',
    description:
      'One body for the readers of both guides: `pod-specs` of 2.x beside `brokerConfiguration`, `kafkaConfiguration` (effective values) and `serviceConfiguration` of 1.x.',
  },
  getHealth: {
    summary: 'How the service is',
    description:
      '`value` as in the 2.x guides; it is the HTTP status too, but for 204 and 205, which HTTP lets have no body: they are answered with 200. `reasons` also names events of the deployment that got lost.',
  },
  getFrameworkId: {
    summary: 'What identifies the service for its whole life',
    description: "A list of one: Kafka's cluster id, in the place of the Mesos framework id.",
  },
  listStateProperties: {
    summary: 'Names of the stored facts',
    description: 'Facts of the service and, as `<task>:task-status`, of each of its nodes.',
  },
  getStateProperty: {
    summary: 'A stored fact',
    description: 'As JSON. No token and no secret is among them.',
  },
  listTaskZones: {
    summary: 'Zones of all tasks',
    description: 'Of the nodes that have a host, by the name of their task.',
  },
  getTaskZone: {
    summary: 'The zone of a task',
    description: 'As a JSON text.',
  },
  getAddressZone: {
    summary: 'The zone of a pod by the address of its host',
    description: '`pod` is a type of pods, `kafka` or `controller`. As a JSON text.',
  },
  listStateFiles: {
    summary: 'Not done: files in the state',
    description: 'Always 501: Warden keeps no files of users.',
  },
  getStateFile: {
    summary: 'Not done: a file in the state',
    description: 'Always 501: Warden keeps no files of users.',
  },
  putStateFile: {
    summary: 'Not done: store a file in the state',
    description: 'Always 501: Warden keeps no files of users.',
  },
  refreshState: {
    summary: 'Not done: refresh the cache of the state',
    description: 'Always 501: there is no cache. Every request reads the state anew, and consistently.',
  },
  getDeploymentHealth: {
    summary: 'How the whole deployment is',
    description:
      'The gravest value of all services; 206 when lost events cannot be taken up while all of them run. Each service with its value, and what reconcile found in the dead-letter queues.',
  },
  adoptPod: {
    summary: 'Adopt what the cloud has of a pod',
    description:
      'Where the table is older than the world, as after the restore of a backup: the process that runs and the volume under it become those of the node, and numbers go on above the highest. Nothing is stopped, started or deleted by it. 202: it is under way; the plan says why where it would have to be guessed. 409 of a service that the table does not know.',
  },
  proveStop: {
    summary: 'Say that the process of a task is gone',
    description:
      'Where ECS calls a task stopped and proves nothing, the pod waits with the reason `stop not proven`. Whoever has made sure that no process is left names the task; any other one than the one that is waited for is refused. It is kept in the history.',
  },
  listOrphans: {
    summary: 'What the cloud has and the table does not know',
    description:
      'Of all services, as the newest sweep found it, at most 100: tasks and volumes of unknown services and nodes, and those that are newer than the table. Nothing of them is stopped or deleted by Warden; `remedy` says what a person can do.',
  },
  listOrphansOfService: {
    summary: 'What the cloud has of a service and the table does not know',
    description: 'By the name that their tags say, also of a service that the table does not know.',
  },
  listHosts: {
    summary: 'The hosts that nodes are on',
    description:
      'Of all services, as the newest sweep saw them: zone, status, whether the agent is in touch, and the nodes with what is known of their lives.',
  },
  fenceHost: {
    summary: 'Terminate a host',
    description:
      'Its end proves that nothing of its nodes runs, and they move to another host of the zone with their volumes; the Auto Scaling group brings one. Refused while nodes live there and its agent is in touch, unless forced. Of a host that is out of touch an operator decides: what lives there ends with it, of all services.',
  },
  allowDestroy: {
    summary: 'Allow cdk destroy',
    description:
      'Lifts the termination protection of the stack and bars installs, until /admin/forbid-destroy or until the stack is protected again by a later cdk deploy. Refused while a service exists.',
  },
  forbidDestroy: {
    summary: 'Forbid cdk destroy again',
    description: 'Protects the stack and opens installs. Harmless to repeat.',
  },
  getOpenApi: {
    summary: 'This API as an OpenAPI 3.1 document',
    description: 'Made from the table that also routes the requests.',
  },
};
