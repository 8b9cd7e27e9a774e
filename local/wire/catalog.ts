import type { ServiceName } from '../core/service.ts';
import type { ServiceModule } from './operation.ts';
import type { QueryDialect } from './query.ts';

/** How requests of a service look on the wire. */
export type Protocol =
  | {
      readonly type: 'json';
      readonly version: '1.0' | '1.1';
      /** What stands before the dot of X-Amz-Target. */
      readonly target: string;
      /** The service once spoke the query protocol: its old error codes travel in a header of their own. */
      readonly isQueryCompatible?: true;
    }
  | { readonly type: 'query'; readonly dialect: QueryDialect; readonly version: string; readonly xmlNamespace: string }
  | { readonly type: 'rest-json' }
  | {
      readonly type: 'rest-xml';
      readonly xmlNamespace: string;
      /** Errors lie in an ErrorResponse; S3's are the root element themselves. */
      readonly wrapsErrors?: true;
    };

export interface ServiceDescription {
  readonly protocol: Protocol;
  /** The service's name in the scope of a signature. */
  readonly signingName: string;
  /** The code under which the service refuses a malformed input; the protocol's usual one when absent. */
  readonly invalidInputCode?: string;
  /** Loads the SDK client for its schemas; only services that a cloud holds are loaded. */
  readonly load: () => Promise<ServiceModule>;
}

/** Every service of the local cloud. Source: runtimeConfig.shared of each `@aws-sdk/client-*` 3.1162. */
export const CATALOG: Readonly<Record<ServiceName, ServiceDescription>> = {
  apigatewayv2: {
    protocol: { type: 'rest-json' },
    signingName: 'apigateway',
    invalidInputCode: 'BadRequestException',
    load: () => import('@aws-sdk/client-apigatewayv2'),
  },
  autoscaling: {
    protocol: query('2011-01-01', 'http://autoscaling.amazonaws.com/doc/2011-01-01/'),
    signingName: 'autoscaling',
    load: () => import('@aws-sdk/client-auto-scaling'),
  },
  cloudformation: {
    protocol: query('2010-05-15', 'http://cloudformation.amazonaws.com/doc/2010-05-15/'),
    signingName: 'cloudformation',
    load: () => import('@aws-sdk/client-cloudformation'),
  },
  dynamodb: {
    protocol: { type: 'json', version: '1.0', target: 'DynamoDB_20120810' },
    signingName: 'dynamodb',
    load: () => import('@aws-sdk/client-dynamodb'),
  },
  ec2: {
    protocol: {
      type: 'query',
      dialect: 'ec2Query',
      version: '2016-11-15',
      xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
    },
    signingName: 'ec2',
    load: () => import('@aws-sdk/client-ec2'),
  },
  ecs: {
    protocol: { type: 'json', version: '1.1', target: 'AmazonEC2ContainerServiceV20141113' },
    signingName: 'ecs',
    invalidInputCode: 'InvalidParameterException',
    load: () => import('@aws-sdk/client-ecs'),
  },
  events: {
    protocol: { type: 'json', version: '1.1', target: 'AWSEvents' },
    signingName: 'events',
    load: () => import('@aws-sdk/client-eventbridge'),
  },
  iam: {
    protocol: query('2010-05-08', 'https://iam.amazonaws.com/doc/2010-05-08/'),
    signingName: 'iam',
    load: () => import('@aws-sdk/client-iam'),
  },
  lambda: {
    protocol: { type: 'rest-json' },
    signingName: 'lambda',
    invalidInputCode: 'InvalidParameterValueException',
    load: () => import('@aws-sdk/client-lambda'),
  },
  logs: {
    protocol: { type: 'json', version: '1.1', target: 'Logs_20140328' },
    signingName: 'logs',
    invalidInputCode: 'InvalidParameterException',
    load: () => import('@aws-sdk/client-cloudwatch-logs'),
  },
  route53: {
    protocol: { type: 'rest-xml', xmlNamespace: 'https://route53.amazonaws.com/doc/2013-04-01/', wrapsErrors: true },
    signingName: 'route53',
    invalidInputCode: 'InvalidInput',
    load: () => import('@aws-sdk/client-route-53'),
  },
  s3: {
    protocol: { type: 'rest-xml', xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/' },
    signingName: 's3',
    load: () => import('@aws-sdk/client-s3'),
  },
  secretsmanager: {
    protocol: { type: 'json', version: '1.1', target: 'secretsmanager' },
    signingName: 'secretsmanager',
    load: () => import('@aws-sdk/client-secrets-manager'),
  },
  sfn: {
    protocol: { type: 'json', version: '1.0', target: 'AWSStepFunctions' },
    signingName: 'states',
    load: () => import('@aws-sdk/client-sfn'),
  },
  sqs: {
    protocol: { type: 'json', version: '1.0', target: 'AmazonSQS', isQueryCompatible: true },
    signingName: 'sqs',
    load: () => import('@aws-sdk/client-sqs'),
  },
  ssm: {
    protocol: { type: 'json', version: '1.1', target: 'AmazonSSM' },
    signingName: 'ssm',
    load: () => import('@aws-sdk/client-ssm'),
  },
  sts: {
    protocol: query('2011-06-15', 'https://sts.amazonaws.com/doc/2011-06-15/'),
    signingName: 'sts',
    load: () => import('@aws-sdk/client-sts'),
  },
};

function query(version: string, xmlNamespace: string): Protocol {
  return { type: 'query', dialect: 'awsQuery', version, xmlNamespace };
}
