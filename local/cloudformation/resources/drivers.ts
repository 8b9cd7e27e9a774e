import type { ResourceDriver } from '../resource-driver.ts';
import { apigatewayv2Api } from './apigatewayv2-api.ts';
import { apigatewayv2Authorizer } from './apigatewayv2-authorizer.ts';
import { apigatewayv2Integration } from './apigatewayv2-integration.ts';
import { apigatewayv2Route } from './apigatewayv2-route.ts';
import { apigatewayv2Stage } from './apigatewayv2-stage.ts';
import { autoscalingAutoScalingGroup } from './autoscaling-auto-scaling-group.ts';
import { autoscalingLifecycleHook } from './autoscaling-lifecycle-hook.ts';
import { cdkMetadata } from './cdk-metadata.ts';
import { customResource } from './custom-resource.ts';
import { dynamodbTable } from './dynamodb-table.ts';
import { ec2InternetGateway } from './ec2-internet-gateway.ts';
import { ec2LaunchTemplate } from './ec2-launch-template.ts';
import { ec2Route } from './ec2-route.ts';
import { ec2RouteTable } from './ec2-route-table.ts';
import { ec2SecurityGroup } from './ec2-security-group.ts';
import { ec2SecurityGroupRule } from './ec2-security-group-rule.ts';
import { ec2Subnet } from './ec2-subnet.ts';
import { ec2SubnetRouteTableAssociation } from './ec2-subnet-route-table-association.ts';
import { ec2Vpc } from './ec2-vpc.ts';
import { ec2VpcEndpoint } from './ec2-vpc-endpoint.ts';
import { ec2VpcGatewayAttachment } from './ec2-vpc-gateway-attachment.ts';
import { ecrRepository } from './ecr-repository.ts';
import { ecsCluster } from './ecs-cluster.ts';
import { ecsTaskDefinition } from './ecs-task-definition.ts';
import { eventsRule } from './events-rule.ts';
import { iamInstanceProfile } from './iam-instance-profile.ts';
import { iamManagedPolicy } from './iam-managed-policy.ts';
import { iamPolicy } from './iam-policy.ts';
import { iamRole } from './iam-role.ts';
import { lambdaEventInvokeConfig } from './lambda-event-invoke-config.ts';
import { lambdaFunction } from './lambda-function.ts';
import { lambdaPermission } from './lambda-permission.ts';
import { logsLogGroup } from './logs-log-group.ts';
import type { ResponseListener } from './response-listener.ts';
import { route53HostedZone } from './route53-hosted-zone.ts';
import { s3Bucket } from './s3-bucket.ts';
import { s3BucketPolicy } from './s3-bucket-policy.ts';
import { secretsmanagerSecret } from './secretsmanager-secret.ts';
import { sqsQueue } from './sqs-queue.ts';
import { sqsQueuePolicy } from './sqs-queue-policy.ts';
import { ssmParameter } from './ssm-parameter.ts';
import { stepfunctionsStateMachine } from './stepfunctions-state-machine.ts';

/** Every type of resource that the local cloud can make. */
export function createDrivers(listener: ResponseListener): readonly ResourceDriver[] {
  return [
    apigatewayv2Api,
    apigatewayv2Authorizer,
    apigatewayv2Integration,
    apigatewayv2Route,
    apigatewayv2Stage,
    autoscalingAutoScalingGroup,
    autoscalingLifecycleHook,
    cdkMetadata,
    customResource(listener),
    dynamodbTable,
    ec2InternetGateway,
    ec2LaunchTemplate,
    ec2Route,
    ec2RouteTable,
    ec2SecurityGroup,
    ec2SecurityGroupRule('Egress'),
    ec2SecurityGroupRule('Ingress'),
    ec2Subnet,
    ec2SubnetRouteTableAssociation,
    ec2Vpc,
    ec2VpcEndpoint,
    ec2VpcGatewayAttachment,
    ecrRepository,
    ecsCluster,
    ecsTaskDefinition,
    eventsRule,
    iamInstanceProfile,
    iamManagedPolicy,
    iamPolicy,
    iamRole,
    lambdaEventInvokeConfig,
    lambdaFunction,
    lambdaPermission,
    logsLogGroup,
    route53HostedZone,
    s3Bucket,
    s3BucketPolicy,
    secretsmanagerSecret,
    sqsQueue,
    sqsQueuePolicy,
    ssmParameter,
    stepfunctionsStateMachine,
  ];
}
