import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/**
 * Two queues keep the events that got lost, since a rule's own queue only covers the handing over to Lambda, and the
 * function's only what comes after it. Reconcile takes up what lies there; what it cannot is named by health until SQS
 * drops it.
 */
export class DeadLetters extends Construct {
  /** Events that a rule could not hand over. */
  readonly undelivered: Queue;
  /** Events on which the function failed. */
  readonly failed: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.undelivered = this.createQueue('Undelivered');
    this.failed = this.createQueue('Failed');
  }

  private createQueue(id: string): Queue {
    return new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }
}
