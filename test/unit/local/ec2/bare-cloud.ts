import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCloud } from '../../../../local/core/create-cloud.ts';
import type { CallFunction } from '../../../../local/core/service.ts';
import { createEc2Service } from '../../../../local/ec2/service.ts';

/** EC2 alone, for what needs no hosts. */
export interface BareCloud {
  readonly call: CallFunction;
  /** Stops and starts the cloud over the same folder. */
  readonly restart: () => Promise<BareCloud>;
  readonly remove: () => Promise<void>;
}

export async function startBareCloud(port: number, folder?: string): Promise<BareCloud> {
  const dataFolder = folder ?? mkdtempSync(join(tmpdir(), 'ec2-'));
  const { cloud, close } = await createCloud({
    dataFolder,
    optFolder: join(dataFolder, 'opt'),
    port,
    services: [createEc2Service],
    log: () => undefined,
  });
  return {
    call: cloud.call,
    restart: async () => {
      await close();
      return startBareCloud(port, dataFolder);
    },
    remove: async () => {
      await close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
