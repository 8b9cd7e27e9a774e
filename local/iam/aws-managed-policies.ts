import type { PolicyDocument } from './policy-document.ts';

/** Services of the local cloud, of which ReadOnlyAccess lists the reading operations. */
const READABLE = [
  'apigateway',
  'autoscaling',
  'cloudformation',
  'dynamodb',
  'ec2',
  'ecs',
  'events',
  'iam',
  'lambda',
  'logs',
  's3',
  'secretsmanager',
  'sqs',
  'ssm',
  'states',
];

/**
 * The policies of AWS that templates of the CDK attach, by ARN. Statements on services that the local cloud does not
 * have are left out; secretsmanager:GetSecretValue is not part of ReadOnlyAccess on AWS either.
 * Source: AWS managed policy reference.
 */
export const AWS_MANAGED_POLICIES: Readonly<Record<string, PolicyDocument>> = {
  'arn:aws:iam::aws:policy/AdministratorAccess': allow(['*']),
  'arn:aws:iam::aws:policy/ReadOnlyAccess': allow([
    ...READABLE.filter((service) => service !== 'secretsmanager').flatMap((service) => [
      `${service}:Describe*`,
      `${service}:Get*`,
      `${service}:List*`,
    ]),
    'dynamodb:BatchGet*',
    'dynamodb:Query',
    'dynamodb:Scan',
    'secretsmanager:Describe*',
    'secretsmanager:GetResourcePolicy',
    'secretsmanager:List*',
  ]),
  'arn:aws:iam::aws:policy/AWSCloudFormationReadOnlyAccess': allow([
    'cloudformation:Describe*',
    'cloudformation:EstimateTemplateCost',
    'cloudformation:Get*',
    'cloudformation:List*',
    'cloudformation:ValidateTemplate',
    'cloudformation:Detect*',
  ]),
  'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore': allow([
    'ssm:DescribeAssociation',
    'ssm:GetDeployablePatchSnapshotForInstance',
    'ssm:GetDocument',
    'ssm:DescribeDocument',
    'ssm:GetManifest',
    'ssm:GetParameter',
    'ssm:GetParameters',
    'ssm:ListAssociations',
    'ssm:ListInstanceAssociations',
    'ssm:PutInventory',
    'ssm:PutComplianceItems',
    'ssm:PutConfigurePackageResult',
    'ssm:UpdateAssociationStatus',
    'ssm:UpdateInstanceAssociationStatus',
    'ssm:UpdateInstanceInformation',
  ]),
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
  'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ]),
  'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role': allow([
    'ec2:DescribeTags',
    'ecs:CreateCluster',
    'ecs:DeregisterContainerInstance',
    'ecs:DiscoverPollEndpoint',
    'ecs:Poll',
    'ecs:RegisterContainerInstance',
    'ecs:StartTelemetrySession',
    'ecs:UpdateContainerInstancesState',
    'ecs:Submit*',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
  'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy': allow([
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
};

function allow(actions: readonly string[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
}
