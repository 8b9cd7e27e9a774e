import { judgeVolume } from '../model/truth/judge-volume.ts';
import type { Finding } from '../model/truth/orphan.ts';
import type { Store } from '../ports/store.ts';
import type { Volumes } from '../ports/volumes.ts';
import { readFoundVolume } from './read-found.ts';

/** What a look at all volumes found: as many findings as a payload between two functions takes. */
export interface VolumeFindings {
  readonly findings: readonly Finding[];
  readonly more: number;
  /** Not all volumes were looked at. */
  readonly isCut: boolean;
}

const mostVolumes = 2_000;
const mostFindings = 100;

/** Compares all volumes that carry our tags with the table. The table is read after the cloud: what is made in between is known. */
export async function lookAtVolumes(ports: {
  readonly store: Store;
  readonly volumes: Volumes;
}): Promise<VolumeFindings> {
  const { volumes, hasMore } = await ports.volumes.listAll(mostVolumes);
  const found = volumes.flatMap((view) => readFoundVolume(view) ?? []);
  const findings: Finding[] = [];
  for (const service of new Set(found.map((volume) => volume.service))) {
    const state = await ports.store.readService(service);
    const tombstone = state === undefined ? await ports.store.readTombstone(service) : undefined;
    const own = found.filter((volume) => volume.service === service);
    findings.push(...own.flatMap((volume) => judgeVolume(volume, { state, tombstone }) ?? []));
  }
  return {
    findings: findings.slice(0, mostFindings),
    more: Math.max(0, findings.length - mostFindings),
    isCut: hasMore,
  };
}
