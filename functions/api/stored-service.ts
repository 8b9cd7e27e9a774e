import { strict as assert } from 'node:assert';
import type { StoredService } from '../../lib/model/plan/find-plan.ts';
import type { ServiceConfig } from '../../lib/model/service/config.ts';
import type { ServiceState } from '../../lib/model/state.ts';
import type { Store } from '../../lib/ports/store.ts';
import { type ApiResponse, problem } from './api-response.ts';

/** A service, or its tombstone; undefined when the name never was or is forgotten. */
export async function readStoredService(store: Store, name: string): Promise<StoredService | undefined> {
  const state = await store.readService(name);
  if (state !== undefined) return { type: 'lives', state };
  const tombstone = await store.readTombstone(name);
  return tombstone && { type: 'uninstalled', tombstone };
}

/** The service's target config. It is kept while the service lives, so its absence is our own fault. */
export async function readTargetConfig(store: Store, { target }: ServiceState): Promise<ServiceConfig> {
  const config = await store.readConfig(target.service, target.configId);
  assert(config !== undefined, `config ${target.configId} of service ${target.service} is not stored`);
  return config;
}

/** Answers a request about a service that lives. */
export async function withLivingService(
  store: Store,
  name: string,
  answer: (state: ServiceState) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const state = await store.readService(name);
  return state === undefined ? noSuchService(name) : answer(state);
}

export function noSuchService(name: string): ApiResponse {
  const detail = `There is no service named ${name}. GET /services lists the names`;
  return problem({ kind: 'not-found', status: 404, detail });
}
