import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Findings } from './findings.ts';
import type { LoadTally } from './load/load.ts';
import type { Chapter } from './story.ts';
import type { Tally } from './tally.ts';

/** What a chapter came to. */
export interface ChapterResult {
  readonly chapter: Pick<Chapter, 'name' | 'title'>;
  readonly findings: Findings;
  readonly seconds: number;
  readonly load: LoadTally;
  readonly starts: Readonly<Record<number, number>>;
  /** Processes that wanted a processor in the last minute of the chapter, beside how many there are. */
  readonly machine: { readonly load: number; readonly processors: number };
}

const head = [
  '| chapter | s | client | offered | acked | read | lost | failed | duplicates | longest gap, all / one partition (ms) | starts per node | load / processors | |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];

/** One row for each client. */
export function tableOf(results: readonly ChapterResult[]): string {
  return [...head, ...results.flatMap(rowsOf)].join('\n');
}

export function rowsOf({ chapter, seconds, load, starts, machine, findings }: ChapterResult): string[] {
  const counts = Object.entries(starts).map(([nodeId, count]) => `${nodeId}:${count}`);
  const row = (client: string, tally: Tally) =>
    [
      ...[chapter.name, seconds.toFixed(0), client, tally.offered, tally.acknowledged, tally.read, tally.lost.length],
      ...[
        tally.failed,
        tally.duplicates,
        `${tally.longestGapMs.toFixed(0)} / ${tally.longestPartitionGapMs.toFixed(0)}`,
      ],
      ...[
        counts.join(' ') || 'none',
        `${machine.load.toFixed(1)} / ${machine.processors}`,
        findings.isGood ? 'ok' : '**WRONG**',
      ],
    ].join(' | ');
  return [`| ${row('librdkafka', load.librdkafka)} |`, `| ${row('kafkajs', load.kafkajs)} |`];
}

/** What all comes to: the whole run is the last result. */
export function endLine(results: readonly ChapterResult[]): string {
  const { librdkafka, kafkajs } = results.at(-1)?.load ?? {};
  const tallies = [librdkafka, kafkajs].filter((tally) => tally !== undefined);
  const acknowledged = tallies.reduce((sum, tally) => sum + tally.acknowledged, 0);
  const lost = tallies.reduce((sum, tally) => sum + tally.lost.length, 0);
  const wrong = results.flatMap(({ chapter, findings }) =>
    findings.claims.filter(({ holds }) => !holds).map(({ claim }) => `WRONG ${chapter.name}: ${claim}`),
  );
  return [...wrong, `acknowledged ${acknowledged}, lost ${lost}`].join('\n');
}

/** One JSON file for each chapter, with what it kept, and the table. */
export function writeReport(folder: string, results: readonly ChapterResult[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { chapter, findings, ...rest } of results) {
    const { claims, evidence } = findings;
    const document = { ...chapter, ...rest, isGood: findings.isGood, claims, evidence };
    writeFileSync(join(folder, `${chapter.name}.json`), `${JSON.stringify(document, undefined, 2)}\n`);
  }
  writeFileSync(join(folder, 'table.md'), `${tableOf(results)}\n`);
}
