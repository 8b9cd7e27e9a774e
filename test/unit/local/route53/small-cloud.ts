import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Route53Client } from '@aws-sdk/client-route-53';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import { resolverFile } from '../../../../local/core/resolver-file.ts';
import type { Cloud } from '../../../../local/core/service.ts';
import { createEc2Service } from '../../../../local/ec2/service.ts';
import { createRoute53Service } from '../../../../local/route53/service.ts';

/** Route 53 with EC2, over a folder that outlives restarts. */
export interface SmallCloud {
  readonly client: Route53Client;
  readonly cloud: () => Cloud;
  /** What the resolver of a VPC answers, without the names of this machine; undefined while it has no zone. */
  readonly resolver: (vpcId: string) => readonly string[] | undefined;
  readonly newVpc: () => Promise<string>;
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startSmallCloud(port: number): Promise<SmallCloud> {
  const folder = mkdtempSync(join(tmpdir(), 'local-route53-'));
  const services = [createEc2Service, createRoute53Service];
  const open = () => createCloud({ dataFolder: folder, optFolder: folder, port, services, log: () => undefined });
  let running: RunningCloud = await open();
  const client = new Route53Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
  });
  return {
    client,
    cloud: () => running.cloud,
    resolver: (vpcId) => {
      const file = resolverFile(folder, vpcId);
      if (!existsSync(file)) return undefined;
      return readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('127.0.0.1 '));
    },
    newVpc: async () => (await running.cloud.call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId,
    restart: async () => {
      await running.close();
      running = await open();
    },
    close: async () => {
      client.destroy();
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
