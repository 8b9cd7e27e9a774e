import { existsSync } from 'node:fs';
import { resolverFile } from '../core/resolver-file.ts';
import type { HostRecord } from '../hosts/host-record.ts';

/**
 * How the programs of a container find the names of the VPC's private zones: Java reads the file at each look-up, and so
 * does the shim of getent. Nothing while the VPC has no zone: a JVM that has such a file asks nobody else.
 */
export function resolverVariables(
  { dataFolder, vpcId }: Pick<HostRecord, 'dataFolder' | 'vpcId'>,
  ownJavaOptions: string | undefined,
): Readonly<Record<string, string>> {
  const file = resolverFile(dataFolder, vpcId);
  if (!existsSync(file)) return {};
  const option = `"-Djdk.net.hosts.file=${file}"`;
  return {
    JAVA_TOOL_OPTIONS: ownJavaOptions === undefined ? option : `${ownJavaOptions} ${option}`,
    LOCAL_RESOLVER_FILE: file,
  };
}
