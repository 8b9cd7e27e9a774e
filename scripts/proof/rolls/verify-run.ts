import { availableParallelism, loadavg } from 'node:os';
import { Findings } from './findings.ts';
import type { Load, LoadTally } from './load/load.ts';
import type { ChapterResult } from './report.ts';

/** The load of a proof must be worth the name. */
const leastRate = 300;
const leastAcknowledged = 5000;
/** What is offered in ten seconds. */
const mostLag = 4100;

/** What must be true of the records of each chapter, which took so many seconds. `mayFail`: clients cannot do without what it ends or holds. */
export function checkTallies(
  findings: Findings,
  tallies: LoadTally,
  { seconds, mayFail }: { readonly seconds: number; readonly mayFail: boolean },
): void {
  checkNothingIsLost(findings, tallies);
  for (const [client, { failed, unanswered }] of Object.entries(tallies)) {
    if (mayFail) findings.check(`${client}: every record has an answer`, unanswered === 0, { failed, unanswered });
    else
      findings.check(`${client}: every record was acknowledged within 30 s`, failed + unanswered === 0, {
        failed,
        unanswered,
      });
  }
  const { offered, acknowledged } = tallies.librdkafka;
  const rate = Math.round(offered / seconds);
  findings.check(`at least ${leastRate} records per second were offered by librdkafka`, rate >= leastRate, rate);
  // At that rate a chapter is worth as many after 17 s; a shorter one counts for the whole run alone.
  if (seconds * leastRate >= leastAcknowledged) checkIsMuch(findings, acknowledged);
}

/**
 * Lays all that was acknowledged beside what a fresh consumer reads: an acknowledged record that only the consumer of the
 * run has seen is lost as well. Ends the producers.
 */
export async function verifyRun(load: Load, chapters: readonly ChapterResult[]): Promise<ChapterResult> {
  const findings = new Findings();
  const { tallies, lag, complaints } = await load.verify();
  checkNothingIsLost(findings, tallies);
  for (const [client, { unanswered }] of Object.entries(tallies))
    findings.check(`${client}: every record of the run has an answer`, unanswered === 0, unanswered);
  checkIsMuch(findings, tallies.librdkafka.acknowledged);
  findings.check('the consumers had nothing to complain of', complaints === '', complaints || 'nothing');
  findings.check(`the consumer was at most ${mostLag} records behind at the end`, lag <= mostLag, lag);
  for (const [client, { longestGapMs, longestPartitionGapMs }] of Object.entries(tallies))
    findings.keep(`${client}: longest gaps in ms`, { all: longestGapMs, onePartition: longestPartitionGapMs });
  return {
    chapter: { name: 'whole-run', title: 'everything that was acknowledged is there' },
    ...{ findings, load: tallies, starts: sumOf(chapters.map(({ starts }) => starts)) },
    seconds: chapters.reduce((sum, { seconds }) => sum + seconds, 0),
    machine: { load: loadavg()[0] ?? 0, processors: availableParallelism() },
  };
}

function checkNothingIsLost(findings: Findings, tallies: LoadTally): void {
  for (const [client, { acknowledged, lost }] of Object.entries(tallies))
    findings.check(
      `${client}: nothing that was acknowledged is lost`,
      lost.length === 0,
      lost.length === 0 ? `${acknowledged} acknowledged` : lost.slice(0, 20),
    );
}

function checkIsMuch(findings: Findings, acknowledged: number): void {
  const claim = `librdkafka: at least ${leastAcknowledged} records were acknowledged`;
  findings.check(claim, acknowledged >= leastAcknowledged, acknowledged);
}

/** How often each node was started in all of them. */
function sumOf(starts: readonly ChapterResult['starts'][]): ChapterResult['starts'] {
  const sums: Record<number, number> = {};
  for (const [nodeId, count] of starts.flatMap((one) => Object.entries(one)))
    sums[Number(nodeId)] = (sums[Number(nodeId)] ?? 0) + count;
  return sums;
}
