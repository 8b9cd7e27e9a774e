import { Stack } from 'aws-cdk-lib';
import { AutoScalingGroup, BlockDeviceVolume, EbsDeviceVolumeType } from 'aws-cdk-lib/aws-autoscaling';
import {
  type IMachineImage,
  InstanceArchitecture,
  InstanceType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  OperatingSystemType,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { AmiHardwareType, Cluster, ContainerInsights, EcsOptimizedImage } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { createLogGroup } from './log-group.ts';
import type { Network } from './network.ts';
import type { Settings } from './settings.ts';

/** Props of Hosts. */
export interface HostsProps {
  readonly network: Network;
  readonly settings: Pick<Settings, 'hostsPerZone' | 'instanceType' | 'amiId'>;
}

/**
 * The ECS cluster and its hosts: one Auto Scaling group of fixed size per zone, because a volume never leaves its zone.
 * No update policy and protection from scale-in: a deployment never ends a host, an operator does (a fence).
 */
export class Hosts extends Construct {
  readonly cluster: Cluster;
  /** Where all Kafka processes log. */
  readonly brokerLogs: LogGroup;
  /** Names of the Auto Scaling groups: EC2 tags each of their instances with its own. */
  readonly groupNames: readonly string[];

  constructor(scope: Construct, id: string, props: HostsProps) {
    super(scope, id);
    const { network, settings } = props;
    this.cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      containerInsightsV2: ContainerInsights.DISABLED,
    });
    this.brokerLogs = createLogGroup(this, 'BrokerLogs', { name: 'brokers' });
    const launchTemplate = this.createLaunchTemplate(props);
    this.groupNames = network.subnets.map((subnet, index) => {
      const group = new AutoScalingGroup(this, `Zone${index + 1}`, {
        vpc: network.vpc,
        vpcSubnets: { subnets: [subnet] },
        launchTemplate,
        minCapacity: settings.hostsPerZone,
        maxCapacity: settings.hostsPerZone,
        newInstancesProtectedFromScaleIn: true,
      });
      return group.autoScalingGroupName;
    });
  }

  private createLaunchTemplate({ network, settings }: HostsProps): LaunchTemplate {
    const instanceType = new InstanceType(settings.instanceType);
    return new LaunchTemplate(this, 'LaunchTemplate', {
      instanceType,
      machineImage: machineImage(instanceType, settings.amiId),
      role: this.createRole(),
      securityGroup: network.hostSecurityGroup,
      associatePublicIpAddress: true,
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      // Tasks of other networks than the host's would need a second hop; there are none.
      httpPutResponseHopLimit: 1,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(30, { volumeType: EbsDeviceVolumeType.GP3, encrypted: true }),
        },
      ],
      userData: joinCluster(this.cluster.clusterName),
    });
  }

  /** What the ECS agent and docker's log driver need, no more: in host mode every task could use this role. */
  private createRole(): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      description: 'Hosts of Warden: ECS agent and logs of the brokers',
    });
    const { clusterArn, clusterName } = this.cluster;
    const containerInstances = Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'container-instance',
      resourceName: `${clusterName}/*`,
    });
    role.addToPolicy(new PolicyStatement({ actions: ['ecs:DiscoverPollEndpoint'], resources: ['*'] }));
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'ecs:DeregisterContainerInstance',
          'ecs:RegisterContainerInstance',
          'ecs:SubmitAttachmentStateChanges',
          'ecs:SubmitContainerStateChange',
          'ecs:SubmitTaskStateChange',
        ],
        resources: [clusterArn],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
        resources: [containerInstances],
      }),
    );
    this.brokerLogs.grantWrite(role);
    return role;
  }
}

/** The newest image at the time of a deployment; hosts that run keep theirs. A given id pins it for new hosts as well. */
function machineImage(instanceType: InstanceType, amiId: string | undefined): IMachineImage {
  if (amiId !== undefined) {
    return { getImage: () => ({ imageId: amiId, osType: OperatingSystemType.LINUX, userData: UserData.forLinux() }) };
  }
  const arm = instanceType.architecture === InstanceArchitecture.ARM_64;
  return EcsOptimizedImage.amazonLinux2023(arm ? AmiHardwareType.ARM : AmiHardwareType.STANDARD);
}

/** Configures the ECS agent before it starts. */
function joinCluster(clusterName: string): UserData {
  const userData = UserData.forLinux();
  userData.addCommands(
    'cat >> /etc/ecs/ecs.config <<"EOF"',
    `ECS_CLUSTER=${clusterName}`,
    'ECS_AVAILABLE_LOGGING_DRIVERS=["json-file","awslogs"]',
    // A restart must not depend on the image's registry.
    'ECS_IMAGE_PULL_BEHAVIOR=prefer-cached',
    // Before Spot takes a host back its nodes are moved away, as from any host that drains.
    'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true',
    'EOF',
  );
  return userData;
}
