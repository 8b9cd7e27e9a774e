import {
  type AttributeValue,
  BatchWriteItemCommand,
  DynamoDBClient,
  paginateScan,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeTasksCommand, ECSClient, ListClustersCommand, type Task } from '@aws-sdk/client-ecs';
import { stackOutputs } from '../../launch/deploy.ts';
import { localClient } from '../../launch/local-client.ts';
import { Installation, until } from '../rights/installation.ts';
import type { Cluster } from '../rolls/cluster.ts';

type Item = Record<string, AttributeValue>;

const batch = 25;

/** What an administrator of the account sees and can do behind Warden's back. */
export function cloudOf({ options }: Pick<Cluster, 'options'>) {
  const client = localClient(`http://127.0.0.1:${options.port}`);
  const [ecs, ec2, table] = [new ECSClient(client), new EC2Client(client), new DynamoDBClient(client)];
  const installation = new Installation(options);
  const TableName = stackOutputs(options)['TableName'] ?? '';
  const write = async (requests: readonly WriteRequest[]): Promise<void> => {
    for (let from = 0; from < requests.length; from += batch)
      await table.send(
        new BatchWriteItemCommand({ RequestItems: { [TableName]: requests.slice(from, from + batch) } }),
      );
  };
  const items = async (): Promise<readonly Item[]> => {
    const found: Item[] = [];
    for await (const { Items = [] } of paginateScan({ client: table }, { TableName, ConsistentRead: true }))
      found.push(...Items);
    return found;
  };
  return {
    /** A task as ECS shows it. @throws Error when it knows none of this ARN */
    async task(taskArn: string): Promise<Task> {
      const { clusterArns: [cluster] = [] } = await ecs.send(new ListClustersCommand({}));
      const { tasks: [task] = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }));
      if (task === undefined) throw new Error(`ECS knows no task ${taskArn}`);
      return task;
    },

    /** Ids of all volumes that there are. */
    async volumeIds(): Promise<readonly string[]> {
      const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
      return Volumes.map(({ VolumeId = '' }) => VolumeId).toSorted();
    },

    /** Calls the function Events as EventBridge does, and resolves with its answer or its error. */
    async tellEvents(event: object): Promise<string> {
      return installation.invoke('Events', event);
    },

    /** Has the sweep made now that is made every five minutes, and waits for its end. */
    async reconcile(): Promise<void> {
      const arn = await installation.start('reconcile', `proof-${Date.now()}`, { v: 1 });
      await until('the sweep has ended', 300, async () =>
        /Execution(Succeeded|Failed|TimedOut|Aborted)/.test(await installation.history(arn)) ? true : undefined,
      );
    },

    /** All that the table holds. */
    items,

    /** Makes the table hold just these items, as the restore of a backup does. */
    async restore(wanted: readonly Item[]): Promise<void> {
      const keyOf = ({ pk, sk }: Item) => JSON.stringify([pk, sk]);
      const kept = new Set(wanted.map(keyOf));
      const others = (await items()).filter((item) => !kept.has(keyOf(item)));
      await write(
        others.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk: pk ?? { S: '' }, sk: sk ?? { S: '' } } } })),
      );
      await write(wanted.map((Item) => ({ PutRequest: { Item } })));
    },
  };
}
