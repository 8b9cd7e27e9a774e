import { actAsRole } from '../core/act-as-role.ts';
import { AwsError } from '../core/aws-error.ts';
import type { Caller, Cloud, Right } from '../core/service.ts';
import { arnOf } from './store.ts';

/** A refused agent comes back at once, again and again: AWS's own waits a little, too. */
const AFTER_DENIAL_MS = 2000;

/** An EC2 instance without a profile has no credentials: it calls as nobody of this account. */
const NOBODY: Caller = { accessKeyId: 'internal', principalArn: 'ec2.amazonaws.com' };

/** What the agent and the log driver of a host may do: what the role of its instance profile allows. */
export class HostRights {
  readonly #cloud: Cloud;
  /** An instance keeps its profile for life. */
  readonly #callers = new Map<string, Caller>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** As whom a host calls. */
  async caller(instanceId: string): Promise<Caller> {
    const known = this.#callers.get(instanceId);
    if (known !== undefined) return known;
    const roleArn = await this.#roleOf(instanceId);
    const session = { service: 'ec2.amazonaws.com', sessionName: instanceId };
    const caller = roleArn === undefined ? NOBODY : await actAsRole(this.#cloud, { ...session, roleArn });
    this.#callers.set(instanceId, caller);
    return caller;
  }

  /**
   * Whether the agent may register (unless it has) and keep its line, as a name of its own while it has no ARN yet.
   * Source: ECS developer guide, container instance IAM role.
   */
  mayJoin(host: { readonly instanceId: string; readonly cluster: string }, registeredArn?: string): Promise<boolean> {
    const cluster = arnOf(this.#cloud, `cluster/${host.cluster}`);
    const containerInstance = registeredArn ?? arnOf(this.#cloud, `container-instance/${host.cluster}/*`);
    const register = registeredArn === undefined ? [right('RegisterContainerInstance', cluster)] : [];
    const line = ['Poll', 'StartTelemetrySession'].map((action) => right(action, containerInstance, cluster));
    return this.#may(host.instanceId, [right('DiscoverPollEndpoint', '*'), ...register, ...line]);
  }

  /** Whether the agent may tell what became of tasks. */
  mayReport(instanceId: string, clusterName: string): Promise<boolean> {
    const cluster = arnOf(this.#cloud, `cluster/${clusterName}`);
    return this.#may(instanceId, [
      right('SubmitTaskStateChange', cluster),
      right('SubmitContainerStateChange', cluster),
    ]);
  }

  async #may(instanceId: string, rights: readonly Right[]): Promise<boolean> {
    try {
      await this.#cloud.authorizer.act(await this.caller(instanceId), rights);
      return true;
    } catch (error) {
      if (!(error instanceof AwsError) || error.status >= 500) throw error;
      await new Promise((resolve) => setTimeout(resolve, AFTER_DENIAL_MS).unref());
      return false;
    }
  }

  async #roleOf(instanceId: string): Promise<string | undefined> {
    const Filters = [{ Name: 'instance-id', Values: [instanceId] }];
    const { Reservations } = await this.#cloud.call('ec2', 'DescribeInstances', { Filters });
    const profile: string | undefined = Reservations?.[0]?.Instances?.[0]?.IamInstanceProfile?.Arn;
    if (profile === undefined) return undefined;
    const InstanceProfileName = profile.slice(profile.lastIndexOf('/') + 1);
    const { InstanceProfile } = await this.#cloud.call('iam', 'GetInstanceProfile', { InstanceProfileName });
    return InstanceProfile.Roles[0]?.Arn;
  }
}

function right(operation: string, resource: string, cluster?: string): Right {
  const context = cluster === undefined ? {} : { context: { 'ecs:cluster': cluster } };
  return { action: `ecs:${operation}`, resource, ...context };
}
