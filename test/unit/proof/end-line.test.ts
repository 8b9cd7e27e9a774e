import { describe, expect, jest, test } from '@jest/globals';
import { Findings } from '../../../scripts/proof/rolls/findings.ts';
import type { LoadTally } from '../../../scripts/proof/rolls/load/load.ts';
import { endLine } from '../../../scripts/proof/rolls/report.ts';
import type { Tally } from '../../../scripts/proof/rolls/tally.ts';
import { checkTallies } from '../../../scripts/proof/rolls/verify-run.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

function tally(seen: Partial<Tally>): Tally {
  return {
    ...{ offered: 6000, acknowledged: 6000, failed: 0, unanswered: 0, read: 6000, lost: [], acknowledgedInside: 6000 },
    ...{ partitionsInside: 12, duplicates: 0, longestGapMs: 0, longestPartitionGapMs: 0, ...seen },
  };
}

function result(name: string, load: LoadTally, findings = new Findings()) {
  const machine = { load: 0, processors: 2 };
  return { chapter: { name, title: name }, findings, seconds: 20, load, starts: {}, machine };
}

const fine = { librdkafka: tally({}), kafkajs: tally({ acknowledged: 7 }) };

describe('the end of a proof', () => {
  test('sums up what was acknowledged and lost in the whole run, which is the last result', () => {
    const whole = { librdkafka: tally({ acknowledged: 9000, lost: ['c-1'] }), kafkajs: tally({ acknowledged: 40 }) };
    expect(endLine([result('first', fine), result('whole-run', whole)])).toBe('acknowledged 9040, lost 1');
  });

  test('names the claims that do not hold, with their chapters', () => {
    const findings = new Findings();
    findings.check('it holds', true, 1);
    findings.check('it came back', false, 'no');
    expect(endLine([result('hung', fine, findings), result('whole-run', fine)])).toBe(
      'WRONG hung: it came back\nacknowledged 6007, lost 0',
    );
  });
});

describe('the records of a chapter', () => {
  const check = (load: LoadTally, mayFail: boolean): boolean => {
    const findings = new Findings();
    checkTallies(findings, load, { seconds: 20, mayFail });
    return findings.isGood;
  };

  test.each([
    ['may fail where more nodes end than clients can do without', { failed: 3 }, true, true],
    ['must not fail elsewhere', { failed: 3 }, false, false],
    ['must be answered everywhere', { unanswered: 1 }, true, false],
    ['must not be lost anywhere', { lost: ['j-1'] }, true, false],
  ])('%s', (_title, seen, mayFail, isGood) => {
    expect(check({ librdkafka: tally({}), kafkajs: tally(seen) }, mayFail)).toBe(isGood);
  });
});
