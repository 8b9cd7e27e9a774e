import { join } from 'node:path';

/**
 * What the resolver of a VPC answers, as a file in the form of /etc/hosts; there while private zones are associated with
 * the VPC. A line `# zone <name>` for each zone: of its names exactly those in the file exist.
 * Route 53 writes it; tasks and functions of the VPC read it at each look-up.
 */
export function resolverFile(dataFolder: string, vpcId: string): string {
  return join(dataFolder, 'route53', 'resolver', `${vpcId}.hosts`);
}
