import { beforeEach, describe, expect, test } from '@jest/globals';
import { allowDestroy, type DeploymentPorts } from '../../../lib/operations/allow-destroy.ts';
import { forbidDestroy } from '../../../lib/operations/forbid-destroy.ts';
import { installUnlessBarred } from '../../../lib/operations/install-unless-barred.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { creation } from '../../contract/store-records.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { createMemoryDeployment } from '../api/api-server.ts';

const ann = { requestedBy: 'ann' };
const options = { options: {}, requestedBy: 'bob' };

let now: number;
let store: Store;
let ports: DeploymentPorts & Parameters<typeof installUnlessBarred>[0];

beforeEach(() => {
  now = 1_000_000;
  store = createMemoryStore();
  let ids = 0;
  ports = {
    store,
    deployment: createMemoryDeployment(),
    clock: () => now,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    planRunner: {
      start: async (_machine, name) => name,
      arnOf: (_machine, name) => name,
      status: async () => ({ type: 'unknown' }),
      answer: async () => false,
    },
  };
});

describe('allow-destroy', () => {
  test('lifts the protection and bars installs, and may be repeated', async () => {
    for (let time = 0; time < 2; time++) {
      expect(await allowDestroy(ports, ann)).toEqual({ type: 'allowed' });
      expect(await ports.deployment.isProtected()).toBe(false);
      expect(await store.readInstallBar()).toMatchObject({ since: 1_000_000, barredBy: 'ann' });
    }
    expect(await installUnlessBarred(ports, options)).toMatchObject({ type: 'installs barred', isProtected: false });
    expect(await store.listServices()).toEqual([]);
  });

  test('is refused while services exist, names them and bars nothing', async () => {
    await store.createService(creation('logs', [9092]));
    await store.createService(creation('kafka', [9093]));
    expect(await allowDestroy(ports, ann)).toEqual({ type: 'services live', services: ['kafka', 'logs'] });
    expect(await ports.deployment.isProtected()).toBe(true);
    expect(await store.readInstallBar()).toBeUndefined();
  });

  test('is refused when a service is installed while it looks, and takes its bar back', async () => {
    const late: Store = {
      ...store,
      barInstalls: async (bar) => {
        await store.createService(creation('kafka', [9092]));
        await store.barInstalls(bar);
      },
    };
    expect(await allowDestroy({ ...ports, store: late }, ann)).toEqual({ type: 'services live', services: ['kafka'] });
    expect(await ports.deployment.isProtected()).toBe(true);
    expect(await store.readInstallBar()).toBeUndefined();
  });

  test('yields to who forbids it at the same moment: the stack ends protected', async () => {
    const { deployment } = ports;
    const contested = {
      ...deployment,
      protect: async (wanted: boolean) => {
        if (!wanted) await forbidDestroy(ports);
        await deployment.protect(wanted);
      },
    };
    expect(await allowDestroy({ ...ports, deployment: contested }, ann)).toEqual({ type: 'forbidden meanwhile' });
    expect(await deployment.isProtected()).toBe(true);
    expect(await store.readInstallBar()).toBeUndefined();
  });
});

describe('forbid-destroy', () => {
  test('protects the stack and opens installs, and may be repeated', async () => {
    await allowDestroy(ports, ann);
    for (let time = 0; time < 2; time++) {
      expect(await forbidDestroy(ports)).toEqual({ type: 'forbidden' });
      expect(await ports.deployment.isProtected()).toBe(true);
    }
    expect((await installUnlessBarred(ports, options)).type).toBe('accepted');
  });

  test('protects again when a permission lifts the protection after it', async () => {
    await allowDestroy(ports, ann);
    const { deployment } = ports;
    let lifts = 1;
    const contested = {
      ...deployment,
      protect: async (wanted: boolean) => deployment.protect(wanted && lifts-- <= 0),
    };
    expect(await forbidDestroy({ ...ports, deployment: contested })).toEqual({ type: 'forbidden' });
    expect(await deployment.isProtected()).toBe(true);
  });
});

describe('installs', () => {
  test('open by themselves once the stack is protected again, by whomever', async () => {
    await allowDestroy(ports, ann);
    await ports.deployment.protect(true);
    now += 60_000;
    expect((await installUnlessBarred(ports, options)).type).toBe('accepted');
    expect(await store.readInstallBar()).toBeUndefined();
  });

  test('stay barred as long as the one who bars them may still lift the protection', async () => {
    await allowDestroy(ports, ann);
    await ports.deployment.protect(true);
    now += 59_999;
    expect(await installUnlessBarred(ports, options)).toMatchObject({ type: 'installs barred', isProtected: true });
    expect(await store.listServices()).toEqual([]);
  });

  test('stay barred for ever while the stack may be destroyed', async () => {
    await allowDestroy(ports, ann);
    now += 365 * 86_400_000;
    expect((await installUnlessBarred(ports, options)).type).toBe('installs barred');
  });
});
