import { Annotations, Stack } from 'aws-cdk-lib';
import {
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** Kafka's ports on every host; the product gives its listeners numbers from this range only. */
const kafkaPorts = { first: 9092, last: 9391 };

/** Props of Network. */
export interface NetworkProps {
  readonly settings: Pick<Settings, 'zones' | 'vpcId' | 'dynamoDbEndpoint' | 'clientCidrs'>;
}

/**
 * The VPC (an own one, or one that exists) and who may talk to whom in it.
 * Hosts stand in public subnets with no way in from the internet: NAT and interface endpoints would cost more than
 * the hosts. The kafka functions stand in the same subnets: a function never has a public address, so all it
 * reaches is the hosts and, by the free gateway endpoint, the table.
 */
export class Network extends Construct {
  readonly vpc: IVpc;
  /** One per zone, in the order of the zones. */
  readonly subnets: readonly ISubnet[];
  readonly hostSecurityGroup: SecurityGroup;
  readonly functionSecurityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { zones, vpcId, dynamoDbEndpoint } = props.settings;
    this.vpc = vpcId === undefined ? this.createVpc() : Vpc.fromLookup(this, 'Vpc', { vpcId });
    this.subnets = this.selectSubnets(zones);
    if (vpcId === undefined || dynamoDbEndpoint === 'create') {
      new GatewayVpcEndpoint(this, 'DynamoDb', {
        vpc: this.vpc,
        service: GatewayVpcEndpointAwsService.DYNAMODB,
        subnets: [{ subnets: [...this.subnets] }],
      });
    }
    this.functionSecurityGroup = this.createFunctionSecurityGroup();
    this.hostSecurityGroup = this.createHostSecurityGroup(props.settings.clientCidrs);
  }

  private createVpc(): IVpc {
    const vpc = new Vpc(this, 'Vpc', {
      availabilityZones: Stack.of(this).availabilityZones,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: true }],
      // Emptying the default group takes a custom resource; nothing of ours ever joins that group.
      restrictDefaultSecurityGroup: false,
    });
    // A Vpc is an IVpc; only under exactOptionalPropertyTypes, which CDK is not written for, the compiler disagrees.
    return vpc as IVpc;
  }

  private selectSubnets(zones: Settings['zones']): readonly ISubnet[] {
    const found = this.vpc.selectSubnets({ subnetType: SubnetType.PUBLIC, onePerAz: true }).subnets;
    const wanted =
      zones.type === 'names'
        ? found.filter((subnet) => zones.names.includes(subnet.availabilityZone))
        : found.slice(0, zones.count);
    const count = zones.type === 'names' ? zones.names.length : zones.count;
    if (wanted.length < count) {
      Annotations.of(this).addError(
        `warden:zones asks for ${count} zones, but the VPC has public subnets in ${wanted.length} of them: ` +
          'name zones that have one, or ask for fewer',
      );
    }
    return wanted;
  }

  private createFunctionSecurityGroup(): SecurityGroup {
    const group = new SecurityGroup(this, 'FunctionSecurityGroup', {
      vpc: this.vpc,
      description: 'Functions of Warden that ask Kafka',
      allowAllOutbound: false,
    });
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'DynamoDB, by the gateway endpoint');
    return group;
  }

  private createHostSecurityGroup(clientCidrs: readonly string[]): SecurityGroup {
    const group = new SecurityGroup(this, 'HostSecurityGroup', {
      vpc: this.vpc,
      description: 'Hosts of Warden: Kafka from within, nothing from the internet',
      allowAllOutbound: true,
    });
    const ports = Port.tcpRange(kafkaPorts.first, kafkaPorts.last);
    group.connections.allowFrom(group, ports, 'Kafka between hosts');
    group.connections.allowFrom(this.functionSecurityGroup, ports, 'Kafka from the functions that ask it');
    for (const cidr of clientCidrs) group.connections.allowFrom(Peer.ipv4(cidr), ports, 'Kafka clients');
    return group;
  }
}
