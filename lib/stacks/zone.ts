import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { HostedZone, type IHostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { ZoneSetting } from './zone-setting.ts';

/** Props of Zone. */
export interface ZoneProps {
  readonly setting: ZoneSetting;
  readonly vpc: IVpc;
}

/**
 * The private zone that holds the names of the services: an own one, or one that exists. An own one goes with the stack;
 * Route 53 refuses that while a service has names in it.
 */
export class Zone extends Construct {
  /** For example kafka.internal, without a dot at its end. */
  readonly zoneName: string;
  readonly hostedZone: IHostedZone;

  constructor(scope: Construct, id: string, { setting, vpc }: ZoneProps) {
    super(scope, id);
    this.zoneName = setting.name;
    this.hostedZone =
      setting.hostedZoneId === undefined
        ? new PrivateHostedZone(this, 'HostedZone', {
            zoneName: setting.name,
            vpc,
            comment: 'Names of the Kafka services of Warden',
          })
        : HostedZone.fromHostedZoneAttributes(this, 'HostedZone', {
            hostedZoneId: setting.hostedZoneId,
            zoneName: setting.name,
          });
  }
}
