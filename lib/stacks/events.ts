import { Duration, Stack } from 'aws-cdk-lib';
import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import { type EventPattern, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';
import { machineArn, machineNames } from './machine-table.ts';

/** Version of what executions are started with; steps read it. */
const payloadVersion = 1;

/** The end of an execution of reconcile, every five minutes, tells nobody anything. */
const machinesOfServices = machineNames.filter((machine) => machine !== 'reconcile');

/** Props of Events. */
export interface EventsProps {
  readonly cluster: Cluster;
  /** Takes every event in. */
  readonly handler: IFunction;
  /** Compares stored and real state every five minutes; repairs what no event told. */
  readonly reconcile: IStateMachine;
  /** Keeps what got lost. */
  readonly deadLetters: DeadLetters;
}

/** What the world tells: rules on the default bus, all to one function. */
export class Events extends Construct {
  constructor(scope: Construct, id: string, props: EventsProps) {
    super(scope, id);
    const { undelivered, failed } = props.deadLetters;
    props.handler.configureAsyncInvoke({ onFailure: new SqsDestination(failed), retryAttempts: 2 });

    const target = new LambdaFunction(props.handler, { deadLetterQueue: undelivered });
    for (const [name, eventPattern] of Object.entries(this.patterns(props.cluster))) {
      new Rule(this, name, { eventPattern, targets: [target] });
    }
    new Rule(this, 'ReconcileSchedule', {
      description: 'Repairs what no event told',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [
        new SfnStateMachine(props.reconcile, {
          input: RuleTargetInput.fromObject({ v: payloadVersion }),
          deadLetterQueue: undelivered,
        }),
      ],
    });
  }

  private patterns(cluster: Cluster): Readonly<Record<string, EventPattern>> {
    const ofCluster = { clusterArn: [cluster.clusterArn] };
    const stack = Stack.of(this);
    return {
      TaskStateChange: { source: ['aws.ecs'], detailType: ['ECS Task State Change'], detail: ofCluster },
      ContainerInstanceStateChange: {
        source: ['aws.ecs'],
        detailType: ['ECS Container Instance State Change'],
        detail: ofCluster,
      },
      // EC2's event names only the instance: whether it is a host of ours, the function knows.
      InstanceStateChange: { source: ['aws.ec2'], detailType: ['EC2 Instance State-change Notification'] },
      ExecutionStatusChange: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: machinesOfServices.map((machine) => machineArn(stack, machine)),
        },
      },
    };
  }
}
