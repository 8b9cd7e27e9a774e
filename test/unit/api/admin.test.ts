import { describe, expect, test } from '@jest/globals';
import type { ApiResponse } from '../../../functions/api/api-response.ts';
import { protectionSchema } from '../../../lib/contract/admin-schema.ts';
import { deploymentHealthSchema } from '../../../lib/contract/health-schema.ts';
import { problemSchema } from '../../../lib/contract/problem-schema.ts';
import { createApiUnderTest } from './api-server.ts';

const problemOf = (response: ApiResponse) => problemSchema.parse(JSON.parse(response.body ?? ''));
const protectionOf = (response: ApiResponse) => protectionSchema.parse(JSON.parse(response.body ?? ''));

describe('the right to destroy the deployment', () => {
  test('is refused while a service exists, and leaves the stack protected', async () => {
    const api = createApiUnderTest();
    await api.ask('POST', '/services');
    const response = await api.ask('POST', '/admin/allow-destroy');
    expect(problemOf(response)).toMatchObject({ type: 'urn:warden:problem:services-live', status: 409 });
    expect(problemOf(response).detail).toBe('The stack stays protected: service kafka exists. Uninstall first');
    expect(await api.deployment.isProtected()).toBe(true);
  });

  test('bars installs until it is taken back, and health says so', async () => {
    const api = createApiUnderTest();
    expect(protectionOf(await api.ask('POST', '/admin/allow-destroy'))).toMatchObject({
      terminationProtection: false,
      installs: 'barred',
    });
    const refused = await api.ask('POST', '/services');
    expect(problemOf(refused)).toMatchObject({ type: 'urn:warden:problem:installs-barred', status: 409 });
    expect(problemOf(refused).detail).toBe(
      'Installs are barred since 2026-11-21T12:00:00.000Z by ann: the stack may be destroyed. POST /admin/forbid-destroy (warden admin forbid-destroy) opens them, and so does the next cdk deploy',
    );
    expect(await api.store.listServices()).toEqual([]);
    const health = deploymentHealthSchema.parse(JSON.parse((await api.ask('GET', '/health')).body ?? ''));
    expect([health.value, health.reasons.length]).toEqual([200, 1]);

    expect(protectionOf(await api.ask('POST', '/admin/forbid-destroy'))).toMatchObject({
      terminationProtection: true,
      installs: 'open',
    });
    expect((await api.ask('POST', '/services')).statusCode).toBe(202);
  });
});
