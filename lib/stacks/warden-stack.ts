import { CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledgeFindings } from './acknowledged-findings.ts';
import { Api, type ApiRoute } from './api.ts';
import { DeadLetters } from './dead-letters.ts';
import { Events } from './events.ts';
import { Functions } from './functions.ts';
import { Hosts } from './hosts.ts';
import { machineArnPrefix, machineNames } from './machine-table.ts';
import { Machines } from './machines.ts';
import { Network } from './network.ts';
import type { Settings } from './settings.ts';
import { Store } from './store.ts';
import { Tokens } from './tokens.ts';
import { Zone } from './zone.ts';

/** Props of WardenStack. */
export interface WardenStackProps extends StackProps {
  readonly settings: Settings;
  /** Routes of the HTTP API. */
  readonly routes: readonly ApiRoute[];
  /** Folder of the bundled functions. */
  readonly bundles: string;
  /** Folder of the state machines' definitions. */
  readonly definitions: string;
}

/** All of Warden in one account and region: control plane, network and hosts. Services are installed by its API. */
export class WardenStack extends Stack {
  private readonly zones: Settings['zones'];

  constructor(scope: Construct, id: string, props: WardenStackProps) {
    // `cdk destroy` is refused with the stack untouched: services may still live in it.
    super(scope, id, { terminationProtection: true, analyticsReporting: false, ...props });
    this.zones = props.settings.zones;
    const store = new Store(this, 'Store');
    const tokens = new Tokens(this, 'Tokens');
    const network = new Network(this, 'Network', { settings: props.settings });
    const hosts = new Hosts(this, 'Hosts', { network, settings: props.settings });
    const deadLetters = new DeadLetters(this, 'DeadLetters');
    const { zone: setting } = props.settings;
    const zone = setting === undefined ? undefined : new Zone(this, 'Zone', { setting, vpc: network.vpc });
    const functions = new Functions(this, 'Functions', {
      bundles: props.bundles,
      actedOn: {
        ...{ table: store.table, cluster: hosts.cluster, brokerLogs: hosts.brokerLogs, hostGroups: hosts.groupNames },
        ...{ tokens: tokens.secret, deadLetters, zone },
      },
      network,
      machineArnPrefix: machineArnPrefix(this),
    }).byName;
    const machines = new Machines(this, 'Machines', { definitions: props.definitions, functions }).byName;
    new Events(this, 'Events', {
      cluster: hosts.cluster,
      handler: functions.Events,
      reconcile: machines.reconcile,
      deadLetters,
    });
    const { httpApi } = new Api(this, 'Api', {
      routes: props.routes,
      authorizer: functions.Authorizer,
      handlers: {
        ...{ aws: functions.Api, commands: functions.ApiCommands },
        ...{ deployment: functions.ApiDeployment, kafka: functions.ApiKafka },
      },
    });
    acknowledgeFindings(this, hosts.cluster);

    new CfnOutput(this, 'ApiUrl', { value: httpApi.apiEndpoint });
    new CfnOutput(this, 'TokensSecretArn', { value: tokens.secret.secretArn });
    new CfnOutput(this, 'ClusterName', { value: hosts.cluster.clusterName });
    new CfnOutput(this, 'TableName', { value: store.table.tableName });
    for (const machine of machineNames) {
      const title = `${machine.charAt(0).toUpperCase()}${machine.slice(1)}`;
      new CfnOutput(this, `${title}MachineArn`, { value: machines[machine].stateMachineArn });
    }
  }

  /**
   * The zones by name, or the region's first ones by CloudFormation's own list: CDK's look-up would need
   * credentials at synth and would write cdk.context.json.
   */
  override get availabilityZones(): string[] {
    const { zones } = this;
    return zones.type === 'names'
      ? [...zones.names]
      : Array.from({ length: zones.count }, (_, index) => Fn.select(index, Fn.getAzs()));
  }
}
