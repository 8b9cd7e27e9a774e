import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import { LogFile } from './log-file.ts';

const STREAM_MAX_BYTES = 50 * 1024 * 1024;

/** A log group; `createdAt` is epoch milliseconds. */
export interface LogGroupRecord {
  readonly name: string;
  readonly createdAt: number;
  readonly retentionDays?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A log stream of a group. */
export interface LogStreamRecord {
  readonly group: string;
  readonly name: string;
  readonly createdAt: number;
}

/** What the operations share: groups and streams by name, and the opened files of the streams. */
export interface LogStore {
  readonly cloud: Cloud;
  readonly now: () => number;
  readonly groups: DurableMap<LogGroupRecord>;
  readonly streams: DurableMap<LogStreamRecord>;
  readonly file: (stream: LogStreamRecord) => LogFile;
  readonly removeStream: (stream: LogStreamRecord) => void;
}

/** Opens the store over its folder. */
export function openLogStore(cloud: Cloud, now: () => number): LogStore {
  const folder = join(cloud.dataFolder, 'logs');
  const files = new Map<string, LogFile>();
  const streams = new DurableMap<LogStreamRecord>(join(folder, 'streams.jsonl'));
  const file = (stream: LogStreamRecord): LogFile => {
    const key = streamKey(stream.group, stream.name);
    const open = files.get(key) ?? new LogFile(join(folder, 'streams', fileName(key)), STREAM_MAX_BYTES);
    files.set(key, open);
    return open;
  };
  const removeStream = (stream: LogStreamRecord): void => {
    const key = streamKey(stream.group, stream.name);
    streams.delete(key);
    file(stream).remove();
    files.delete(key);
  };
  return { cloud, now, groups: new DurableMap(join(folder, 'groups.jsonl')), streams, file, removeStream };
}

/** The ARN of a group without the trailing `:*`. */
export function groupArn(store: LogStore, name: string): string {
  return `arn:${store.cloud.partition}:logs:${store.cloud.region}:${store.cloud.accountId}:log-group:${name}`;
}

/** @throws AwsError ResourceNotFoundException */
export function findGroup(store: LogStore, name: string): LogGroupRecord {
  const group = store.groups.get(name);
  if (group === undefined) throw notFound(`The specified log group does not exist: ${name}`);
  return group;
}

/** @throws AwsError ResourceNotFoundException */
export function findStream(store: LogStore, group: string, name: string): LogStreamRecord {
  findGroup(store, group);
  const stream = store.streams.get(streamKey(group, name));
  if (stream === undefined) throw notFound(`The specified log stream does not exist: ${name} in ${group}`);
  return stream;
}

/** The streams of a group by name. */
export function streamsOf(store: LogStore, group: string): LogStreamRecord[] {
  return store.streams
    .values()
    .filter((stream) => stream.group === group)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A stream's key; neither name may hold a blank. */
export function streamKey(group: string, name: string): string {
  return `${group} ${name}`;
}

/** The group's name from the name or the identifier (a name or an ARN) of a request. */
export function groupNameOf(name: string | undefined, identifier: string | undefined): string {
  const given = name ?? identifier;
  if (given === undefined) {
    throw new AwsError('InvalidParameterException', 'Either logGroupName or logGroupIdentifier is required.');
  }
  return given.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
}

function fileName(key: string): string {
  return `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.log`;
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
