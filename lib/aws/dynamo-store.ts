import type { Tombstone } from '../model/state.ts';
import type { CreateResult, ServiceCreation, Store } from '../ports/store.ts';
import { serviceState } from './service-state.ts';
import { changesOf, inHistory } from './store-changes.ts';
import {
  configKey,
  emptyZonesKey,
  fenceKey,
  goneHostKey,
  hostPromiseKey,
  hostPromisesPartition,
  hostSeenKey,
  installBarKey,
  type Key,
  lastWordsKey,
  lostEventsKey,
  orphansKey,
  planKey,
  portKey,
  quorumKey,
  runKey,
  seenKey,
  servicePartition,
  servicesKey,
  sidePartitions,
  targetKey,
  tombstoneKey,
  verdictKey,
  wishKey,
  witnessKey,
} from './store-keys.ts';
import { nodesOf } from './store-nodes.ts';
import { readsOf } from './store-reads.ts';
import { waitsOf } from './store-waits.ts';
import { lives, planIs, put, wrote } from './store-writes.ts';
import { absent, type Condition, createTable, type Table, type TableClient, type Write } from './table.ts';

const tombstoneDays = 30;
const secondsPerDay = 86_400;
/** Writes before the port claims in createService. */
const fixedCreationWrites = 8;
/** A transaction takes 100 writes; a creation's own and its ports take the rest. */
const mostLeftovers = 80;

/** The port Store on DynamoDB. */
export function createDynamoStore(options: { readonly tableName: string; readonly client?: TableClient }): Store {
  const table = createTable(options.tableName, options.client);
  return {
    ...readsOf(table),
    ...changesOf(table),
    ...waitsOf(table),
    ...nodesOf(table),

    createService: (creation) => createService(table, creation),
    putVerdict: async (verdict, operation) => {
      const line = operation === undefined ? [] : [inHistory(operation)];
      await table.write(lives(verdict.service), put(verdictKey(verdict.service, verdict.nodeId), verdict), ...line);
    },
    formQuorum: async (fact) => {
      await table.write(lives(fact.service), put(quorumKey(fact.service), fact, absent));
    },

    putGoneHost: async (fact) => {
      await table.write(lives(fact.service), put(goneHostKey(fact.service, fact.instanceId), fact));
    },
    putHostSeen: async (seen) => {
      await table.write(lives(seen.service), put(hostSeenKey(seen.service, seen.instanceId), seen));
    },
    putWitness: async (witness) => {
      await table.write(lives(witness.service), put(witnessKey(witness.service), witness));
    },
    wishForHost: ({ fences, operations }) =>
      wrote(
        table,
        ...fences.flatMap((fence) => [lives(fence.service), put(fenceKey(fence.service, fence.instanceId), fence)]),
        ...operations.map((operation) => inHistory(operation)),
      ),
    removeFence: async ({ service, instanceId, requestedAt }) => {
      const isThis: Condition = { expression: 'requestedAt = :at', values: { ':at': requestedAt } };
      await table.write({ type: 'delete', key: fenceKey(service, instanceId), condition: isThis });
    },
    noteFence: async (fence) => {
      const { service, instanceId, requestedAt, force } = fence;
      const isThis: Condition = {
        expression: 'requestedAt = :at AND #force = :force',
        names: { '#force': 'force' },
        values: { ':at': requestedAt, ':force': force },
      };
      await table.write(put(fenceKey(service, instanceId), fence, isThis));
    },
    putEmptyZones: async (fact) => {
      await table.write(lives(fact.service), put(emptyZonesKey(fact.service), fact));
    },
    putSeen: (seen) =>
      wrote(
        table,
        lives(seen.service),
        put(seenKey(seen.service, seen.taskArn), seen, isNewer('version', seen.version)),
      ),
    putLastWords: async (words) => {
      const { service, nodeId, attempt } = words;
      await table.write(lives(service), put(lastWordsKey(service, nodeId), words, tellsMoreThanStored(attempt)));
    },
    putRun: (service, run) =>
      wrote(table, lives(service), put(runKey(service, run.planId), run, isNewer('run', run.run))),
    barInstalls: async (bar) => {
      await table.write(put(installBarKey, bar));
    },
    liftInstallBar: async (id) => {
      await table.write({ type: 'delete', key: installBarKey, condition: barIs(id) });
    },
    putOrphans: async (orphans) => {
      await table.write(put(orphansKey, orphans, isNewer('lookedAt', orphans.lookedAt)));
    },
    putLostEvents: async (look) => {
      await table.write(put(lostEventsKey, look, isNewer('lookedAt', look.lookedAt)));
    },
    forgetRest: (service) => forgetRest(table, service),
    forgetService: (tombstone) => forgetService(table, tombstone),
  };
}

async function createService(table: Table, creation: ServiceCreation): Promise<CreateResult> {
  const { target, wish, config, plan, ports, operation } = creation;
  const { service } = target;
  const leftovers = await leftoversOf(table, service);
  const result = await table.write(
    put(targetKey(service), target, absent),
    put(wishKey(service), wish),
    put(planKey(service, plan.id), plan),
    put(configKey(service, config.id), config),
    put(servicesKey(service), { service }),
    inHistory(operation),
    { type: 'delete', key: tombstoneKey(service) },
    { type: 'check', key: installBarKey, condition: absent },
    ...ports.map((port) => put(portKey(port), { service }, absent)),
    ...leftovers.map((key) => ({ type: 'delete' as const, key })),
  );
  if (result.type === 'written') return { type: 'created' };
  if (result.positions.includes(0)) return { type: 'name taken' };
  if (result.positions.includes(fixedCreationWrites - 1)) return { type: 'installs barred' };
  return {
    type: 'port taken',
    ports: result.positions.flatMap((position) => ports[position - fixedCreationWrites] ?? []),
  };
}

/**
 * What late writers of an earlier service of this name left after its end must not be read as this one's. It goes in the
 * transaction that makes the service, or, where there is too much of it, while there is none: another install of the name
 * may come first, and what it writes under the same keys must stay.
 */
async function leftoversOf(table: Table, service: string): Promise<readonly Key[]> {
  for (;;) {
    const items = await table.query(servicePartition(service));
    if (serviceState(items) !== undefined) return [];
    const keys = items
      .map(({ sk }) => ({ pk: servicePartition(service), sk: String(sk) }))
      .filter(({ sk }) => sk !== targetKey(service).sk && sk !== wishKey(service).sk);
    if (keys.length <= mostLeftovers) return keys;
    if (!(await deleteWhileGone(table, service, keys.slice(0, mostLeftovers)))) return [];
  }
}

/** Deletes nothing when there is a service of the name again. */
async function deleteWhileGone(table: Table, service: string, keys: readonly Key[]): Promise<boolean> {
  if (keys.length === 0) return true;
  const isGone: Write = { type: 'check', key: targetKey(service), condition: absent };
  return wrote(table, isGone, ...keys.map((key): Write => ({ type: 'delete', key })));
}

/**
 * The tombstone first, the name last: a run that dies in between is followed by one that finds the rest. Every write asks
 * whether this uninstall still is the wish: one that is late must not touch the next service of the name.
 */
async function forgetService(table: Table, tombstone: Tombstone): Promise<void> {
  const { service } = tombstone;
  const expiresAt = Math.floor(tombstone.uninstalledAt / 1000) + tombstoneDays * secondsPerDay;
  const isWished = planIs(tombstone.plan.id);
  const wish = wishKey(service);
  const ends: Write = { type: 'check', key: wish, condition: isWished };
  const remove = (key: Key) => table.write(ends, { type: 'delete', key });
  await table.write(ends, put(tombstoneKey(service), { ...tombstone, expiresAt }, absent));
  // How its run ended is written while the service lives, also in the midst of this.
  const ofRun = runKey(service, tombstone.plan.id);
  const last = [targetKey(service), planKey(service, tombstone.plan.id), ofRun];
  const partitions = [servicePartition(service), ...sidePartitions(service)];
  const items = (await Promise.all(partitions.map((pk) => table.query(pk)))).flat();
  const keys = items.map((item) => ({ pk: String(item['pk']), sk: String(item['sk']) }));
  for (const key of keys.filter(({ sk }) => ![wish, ...last].some((kept) => kept.sk === sk))) {
    await remove(key);
  }
  for (const { service: owner, nodeId } of await table.query(hostPromisesPartition)) {
    if (owner === service) await remove(hostPromiseKey(service, Number(nodeId)));
  }
  for (const item of await table.query('PORTS')) {
    if (item['service'] === service) await remove(portKey(Number(item['sk'])));
  }
  await table.write(
    { type: 'delete', key: wish, condition: isWished },
    ...[...last, servicesKey(service)].map((key) => ({ type: 'delete' as const, key })),
  );
  await forgetRest(table, service);
}

/** What was written since it was looked for; nothing is written any more of a service that is gone. */
async function forgetRest(table: Table, service: string): Promise<void> {
  await deleteWhileGone(table, service, await leftoversOf(table, service));
}

function barIs(id: string): Condition {
  return { expression: 'id = :id', values: { ':id': id } };
}

function tellsMoreThanStored(attempt: number): Condition {
  return {
    expression:
      'attribute_not_exists(pk) OR #attempt < :attempt OR (#attempt = :attempt AND attribute_exists(#unread))',
    names: { '#attempt': 'attempt', '#unread': 'unread' },
    values: { ':attempt': attempt },
  };
}

function isNewer(attribute: 'version' | 'run' | 'lookedAt', value: number): Condition {
  return {
    expression: 'attribute_not_exists(pk) OR #attribute < :value',
    names: { '#attribute': attribute },
    values: { ':value': value },
  };
}
