import { describe, expect, test } from '@jest/globals';
import { problemSchema } from '../../../lib/contract/problem-schema.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { refusedRequests } from '../../support/refused-requests.ts';
import { createApiUnderTest } from './api-server.ts';

/** A store that keeps the names of the calls that are no reads. */
function watched(store: Store): { readonly store: Store; readonly writes: string[] } {
  const writes: string[] = [];
  const get = (target: Store, name: keyof Store) => {
    if (!/^(read|list)/.test(String(name))) writes.push(String(name));
    return target[name];
  };
  return { store: new Proxy(store, { get: (target, name) => get(target, name as keyof Store) }), writes };
}

/** Everything that is stored, as text. */
async function everything(store: Store): Promise<string> {
  const names = await store.listServices();
  const services = await Promise.all(
    names.map(async (name) => {
      const configIds = await store.listConfigIds(name);
      return [await store.readService(name), await Promise.all(configIds.map((id) => store.readConfig(name, id)))];
    }),
  );
  const rest = [await store.listPortClaims(), await store.readHostPromises(), await store.readInstallBar()];
  return JSON.stringify([names, services, rest, await store.readTombstone('refused')]);
}

describe('a request is refused, and nothing is changed, for', () => {
  test.each(refusedRequests.map((request) => [request.title.slice(0, 80), request] as const))(
    '%s',
    async (_, { method, path, body, status, says, errors }) => {
      const { store, writes } = watched(createMemoryStore());
      const api = createApiUnderTest({ store });
      expect((await api.ask('POST', '/services')).statusCode).toBe(202);
      const before = await everything(store);
      const started = [...api.started];
      writes.length = 0;

      const response = await api.ask(method, path, body);

      const problem = problemSchema.parse(JSON.parse(response.body ?? ''));
      expect(response.statusCode).toBe(status);
      expect(problem.detail).toContain(says);
      if (errors !== undefined) {
        expect(problem.errors).toEqual(
          errors.map(({ says: part, ...exact }) => ({ ...exact, detail: expect.stringContaining(part) })),
        );
      }
      expect(await everything(store)).toBe(before);
      expect({ writes, started: api.started }).toEqual({ writes: [], started });
    },
  );

  test('so many reasons that each kind is among them', () => {
    expect(refusedRequests.length).toBeGreaterThanOrEqual(50);
    expect(new Set(refusedRequests.map(({ title }) => title)).size).toBe(refusedRequests.length);
  });
});

describe('a path that ends in a slash', () => {
  test.each([
    ['GET', '/services/', '/services'],
    ['GET', '/service/kafka/', '/service/kafka'],
    ['GET', '/service/kafka/v1/plans/', '/service/kafka/v1/plans'],
    ['GET', '/service/kafka/v1/brokers/', '/service/kafka/v1/brokers'],
  ])('%s %s is no route in any group, as for API Gateway', async (method, path, meant) => {
    const { statusCode, body } = await createApiUnderTest().ask(method, path);
    expect(statusCode).toBe(404);
    expect(JSON.parse(body ?? '').detail).toBe(
      `There is no route ${path}. Did you mean ${meant}? GET /openapi.json describes all of them`,
    );
  });
});

describe('the answer to a refused request', () => {
  const ask = async (options: unknown) => {
    const response = await createApiUnderTest().ask('POST', '/services', JSON.stringify({ options }));
    return { status: response.statusCode, length: response.body?.length ?? 0 };
  };
  const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));

  test.each([
    ['thousands of unknown options', { brokers: members(20_000) }],
    ['thousands of unknown properties', { kafka: members(20_000) }],
    ['thousands of unknown sections', members(20_000)],
    ['a name of a quarter of a megabyte', { kafka: { ['x'.repeat(250_000)]: 1 } }],
    ['a value of a quarter of a megabyte', { brokers: { count: 'x'.repeat(250_000) } }],
  ])('stays small for %s', async (_, options) => {
    const { status, length } = await ask(options);
    expect(status).toBe(400);
    expect(length).toBeLessThan(600_000);
  });

  test('stays small for thousands of unknown members of the body', async () => {
    const response = await createApiUnderTest().ask('POST', '/services', JSON.stringify(members(20_000)));
    expect(response.statusCode).toBe(400);
    expect(response.body?.length).toBeLessThan(100_000);
  });
});
