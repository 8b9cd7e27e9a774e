import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostFolder, hostRoot } from './host-folder.ts';

/** What a host is told at its launch; its agent reads nothing else. */
export interface HostRecord {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly address: string;
  readonly zone: string;
  readonly vpcId: string;
  readonly subnetId: string;
  /** ECS CPU units: 1024 per vCPU. */
  readonly cpu: number;
  readonly memoryMiB: number;
  /** The cluster that the user data names (ECS_CLUSTER). */
  readonly cluster: string;
  /** Custom attributes that the user data names (ECS_INSTANCE_ATTRIBUTES). */
  readonly attributes: Readonly<Record<string, string>>;
  readonly architecture: 'arm64' | 'x86_64';
  readonly dataFolder: string;
  readonly optFolder: string;
}

/** on: its agent runs or is started again; off: shut down, with its cloud or by a call; crashed: gone without a word. */
export type Power = 'on' | 'off' | 'crashed';

/** Makes the host's folder and its file system, and writes down what it is told. */
export function writeHost(host: HostRecord): void {
  const folder = hostFolder(host.dataFolder, host.instanceId);
  const root = hostRoot(host.dataFolder, host.instanceId);
  for (const path of ['dev/disk/by-id', 'run', 'tmp']) mkdirSync(join(root, path), { recursive: true });
  replaceFile(join(folder, 'host.json'), JSON.stringify(host));
}

/** The record of a host's folder. */
export function readHost(folder: string): HostRecord {
  return JSON.parse(readFileSync(join(folder, 'host.json'), 'utf8')) as HostRecord;
}

/** Written by whoever switches the host; read by the one that starts agents again. */
export function setPower(folder: string, power: Power): void {
  if (existsSync(folder)) replaceFile(join(folder, 'power'), power);
}

/** A host that was never switched is off. */
export function powerOf(folder: string): Power {
  const file = join(folder, 'power');
  if (!existsSync(file)) return 'off';
  const power = readFileSync(file, 'utf8');
  return power === 'on' || power === 'crashed' ? power : 'off';
}

/** When a host was last switched, epoch milliseconds. */
export function poweredSince(folder: string): number {
  return statSync(join(folder, 'power')).mtimeMs;
}

/** A reader sees the old text or the new one, never a part. */
export function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
