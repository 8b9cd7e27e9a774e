import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { kafkaVersionOf } from '../../../lib/model/service/config.ts';
import { supportedPackageVersions } from '../../../lib/model/service/package-version.ts';
import { kafkaPrograms } from '../../../local/images/kafka-programs.ts';
import { optFolder } from '../../../scripts/launch/folders.ts';

/** Names of everything in the jars of Kafka itself. */
function classesOf(version: string): ReadonlySet<string> {
  const libs = join(optFolder, `kafka-${version}`, 'libs');
  const jars = readdirSync(libs).filter((name) => name.endsWith(`-${version}.jar`));
  const listings = jars.map((jar) => execFileSync('unzip', ['-Z1', join(libs, jar)], { encoding: 'utf8' }));
  return new Set(listings.flatMap((listing) => listing.split('\n')));
}

describe.each(supportedPackageVersions.map(kafkaVersionOf))('the image of Kafka %s', (version) => {
  test('has the class of each of its programs', () => {
    const classes = classesOf(version);
    const missing = Object.entries(kafkaPrograms(version)).filter(
      ([, name]) => !classes.has(`${name.replaceAll('.', '/')}.class`),
    );
    expect(missing).toEqual([]);
  });
});
