import type { ServiceName } from '../core/service.ts';
import type { BucketSize } from './token-bucket.ts';

/** A bucket that a call takes tokens from: all must have enough. `key` names the bucket. */
export interface BucketUse {
  readonly key: string;
  readonly size: BucketSize;
  readonly tokens: number;
}

interface SharedBucket extends BucketSize {
  readonly operations: readonly string[];
}

/**
 * ECS: the actions of a category share a bucket.
 * Source: docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html, read November 2026.
 */
const ECS: Readonly<Record<string, SharedBucket>> = {
  'cluster modify': { operations: ['CreateCluster', 'DeleteCluster', 'UpdateCluster'], burst: 20, ratePerSecond: 1 },
  'cluster read': { operations: ['DescribeClusters', 'ListClusters'], burst: 50, ratePerSecond: 20 },
  'task definition modify': {
    operations: ['DeregisterTaskDefinition', 'RegisterTaskDefinition'],
    burst: 20,
    ratePerSecond: 1,
  },
  'task definition read': {
    operations: ['DescribeTaskDefinition', 'ListTaskDefinitions', 'ListTaskDefinitionFamilies'],
    burst: 50,
    ratePerSecond: 20,
  },
  'task definition delete': { operations: ['DeleteTaskDefinitions'], burst: 5, ratePerSecond: 1 },
  'tag modify': { operations: ['TagResource', 'UntagResource'], burst: 20, ratePerSecond: 10 },
  'tag read': { operations: ['ListTagsForResource'], burst: 50, ratePerSecond: 20 },
  'cluster resource modify': {
    operations: [
      'DeleteAttributes',
      'DeregisterContainerInstance',
      'PutAttributes',
      'RunTask',
      'StartTask',
      'StopTask',
      'UpdateContainerInstancesState',
    ],
    burst: 100,
    ratePerSecond: 40,
  },
  'cluster resource read': {
    operations: [
      'DescribeContainerInstances',
      'DescribeTasks',
      'ListAttributes',
      'ListContainerInstances',
      'ListTasks',
    ],
    burst: 100,
    ratePerSecond: 20,
  },
};

// EC2: each action has a bucket of its own, as large as its category's.
// Source: docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html, read November 2026.
const EC2_READ: BucketSize = { burst: 100, ratePerSecond: 20 };
const EC2_READ_ALL: BucketSize = { burst: 50, ratePerSecond: 10 };
const EC2_CHANGE: BucketSize = { burst: 50, ratePerSecond: 5 };

/** Reads that cost more when they name neither a filter nor a page. */
const EC2_UNFILTERED = [
  'DescribeInstances',
  'DescribeInstanceStatus',
  'DescribeNetworkInterfaces',
  'DescribeSecurityGroups',
  'DescribeSnapshots',
  'DescribeVolumes',
];

const EC2_OWN: Readonly<Record<string, BucketSize>> = {
  CreateLaunchTemplateVersion: { burst: 100, ratePerSecond: 5 },
  CreateTags: { burst: 100, ratePerSecond: 10 },
  CreateVolume: { burst: 100, ratePerSecond: 5 },
  CreateVpcEndpoint: { burst: 4, ratePerSecond: 0.3 },
  DeleteTags: { burst: 100, ratePerSecond: 10 },
  DeleteVolume: { burst: 100, ratePerSecond: 5 },
  DeleteVpcEndpoints: { burst: 4, ratePerSecond: 0.3 },
  ModifyLaunchTemplate: { burst: 100, ratePerSecond: 5 },
  ModifyVpcEndpoint: { burst: 4, ratePerSecond: 0.3 },
  RunInstances: { burst: 5, ratePerSecond: 2 },
  StartInstances: { burst: 5, ratePerSecond: 2 },
  TerminateInstances: { burst: 100, ratePerSecond: 5 },
};

/** A second bucket, out of which a request takes a token for each instance that it names. */
const EC2_RESOURCES: Readonly<Record<string, BucketSize>> = {
  RunInstances: { burst: 1000, ratePerSecond: 2 },
  StartInstances: { burst: 1000, ratePerSecond: 2 },
  StopInstances: { burst: 1000, ratePerSecond: 20 },
  TerminateInstances: { burst: 1000, ratePerSecond: 20 },
};

/**
 * Step Functions in the three large regions, us-east-1 among them.
 * Source: AWS Step Functions developer guide, quotas (awsdocs repository, last state, 2022); values may have grown.
 */
const SFN: Readonly<Record<string, BucketSize>> = {
  CreateStateMachine: { burst: 100, ratePerSecond: 1 },
  DeleteStateMachine: { burst: 100, ratePerSecond: 1 },
  DescribeExecution: { burst: 300, ratePerSecond: 15 },
  DescribeStateMachine: { burst: 200, ratePerSecond: 20 },
  GetExecutionHistory: { burst: 400, ratePerSecond: 20 },
  ListExecutions: { burst: 200, ratePerSecond: 5 },
  ListStateMachines: { burst: 100, ratePerSecond: 5 },
  ListTagsForResource: { burst: 100, ratePerSecond: 1 },
  SendTaskFailure: { burst: 3000, ratePerSecond: 500 },
  SendTaskHeartbeat: { burst: 3000, ratePerSecond: 500 },
  SendTaskSuccess: { burst: 3000, ratePerSecond: 500 },
  StartExecution: { burst: 1300, ratePerSecond: 300 },
  StopExecution: { burst: 1000, ratePerSecond: 200 },
  TagResource: { burst: 200, ratePerSecond: 1 },
  UntagResource: { burst: 200, ratePerSecond: 1 },
  UpdateStateMachine: { burst: 100, ratePerSecond: 1 },
};

/** The services whose buckets AWS tells. */
export const SERVICES_WITH_BUCKETS: readonly ServiceName[] = ['ec2', 'ecs', 'sfn'];

/** The buckets that AWS has for a call; none where AWS does not tell them. */
export function awsBucketsOf(service: ServiceName, operation: string, input: object): readonly BucketUse[] {
  switch (service) {
    case 'ecs':
      return Object.entries(ECS)
        .filter(([, { operations }]) => operations.includes(operation))
        .map(([name, { burst, ratePerSecond }]) => ({ key: `ecs ${name}`, size: { burst, ratePerSecond }, tokens: 1 }));
    case 'ec2':
      return ec2BucketsOf(operation, input);
    case 'sfn': {
      const size = SFN[operation];
      return size === undefined ? [] : [{ key: `sfn ${operation}`, size, tokens: 1 }];
    }
    default:
      return [];
  }
}

function ec2BucketsOf(operation: string, input: object): readonly BucketUse[] {
  const resources = EC2_RESOURCES[operation];
  return [
    ec2RequestBucket(operation, input),
    ...(resources === undefined
      ? []
      : [{ key: `ec2 ${operation} resources`, size: resources, tokens: instancesOf(input) }]),
  ];
}

function ec2RequestBucket(operation: string, input: object): BucketUse {
  const isNarrow = ['Filters', 'MaxResults', 'NextToken'].some((name) => name in input);
  if (EC2_UNFILTERED.includes(operation) && !isNarrow)
    return { key: `ec2 ${operation} unfiltered`, size: EC2_READ_ALL, tokens: 1 };
  const isRead = /^(Describe|List|Search|Get)/.test(operation);
  return { key: `ec2 ${operation}`, size: EC2_OWN[operation] ?? (isRead ? EC2_READ : EC2_CHANGE), tokens: 1 };
}

/** RunInstances asks for MaxCount instances, the others name theirs. */
function instancesOf(input: object): number {
  const { MaxCount, InstanceIds } = input as { readonly MaxCount?: number; readonly InstanceIds?: readonly string[] };
  return MaxCount ?? InstanceIds?.length ?? 1;
}
