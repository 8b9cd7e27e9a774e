import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { resolverFile } from '../core/resolver-file.ts';
import { isWithin } from './domain-name.ts';
import type { ZoneRecord } from './records.ts';

/** Writes what the resolver of each VPC answers, and removes the files of VPCs that no zone is associated with. */
export function writeResolverFiles(dataFolder: string, zones: readonly ZoneRecord[]): void {
  const vpcIds = [...new Set(zones.flatMap(({ vpcs }) => vpcs.map(({ VPCId }) => VPCId)))];
  const folder = dirname(resolverFile(dataFolder, 'any'));
  mkdirSync(folder, { recursive: true });
  const wanted = new Map(vpcIds.map((vpcId) => [basename(resolverFile(dataFolder, vpcId)), vpcId]));
  for (const file of readdirSync(folder)) if (!wanted.has(file)) rmSync(join(folder, file));
  for (const [file, vpcId] of wanted) replaceFile(join(folder, file), resolverLines(zones, vpcId).join('\n'));
}

/** Names of this machine first: a JVM that reads such a file asks nobody else. */
function resolverLines(zones: readonly ZoneRecord[], vpcId: string): string[] {
  const here = zones.filter(({ vpcs }) => vpcs.some(({ VPCId }) => VPCId === vpcId));
  return [
    ...[...new Set(['localhost', hostname()])].map((name) => `127.0.0.1 ${name}`),
    ...here.map(({ name }) => `# zone ${withoutDot(name)}`),
    ...here.flatMap((zone) => zoneLines(zone, here)),
    '',
  ];
}

/** The most particular zone answers for a name, also when it has no such record. */
function zoneLines(zone: ZoneRecord, zones: readonly ZoneRecord[]): string[] {
  const isNarrower = (other: ZoneRecord) => other.name !== zone.name && isWithin(other.name, zone.name);
  const narrower = zones.filter(isNarrower);
  return zone.recordSets
    .filter(({ type, name }) => type === 'A' && !narrower.some((other) => isWithin(name, other.name)))
    .flatMap(({ name, values }) => values.map((address) => `${address} ${withoutDot(name)}`));
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '');
}

/** Readers see the old text or the new one; an unchanged file stays as it is. */
function replaceFile(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  const draft = join(dirname(dirname(file)), `${basename(file)}.new`);
  writeFileSync(draft, text);
  renameSync(draft, file);
}
