import { describe, expect, test } from '@jest/globals';
import { type BenchReport, doubt, reportText } from '../../../scripts/bench/bench-report.ts';

const report: BenchReport = {
  startedAt: '2026-11-21T12:00:00.000Z',
  machine: { processors: 2, model: 'any', atWorkBefore: 0.4 },
  rounds: 3,
  figures: [
    { title: 'a ÷ b', unit: '×', values: [1.01, 1.2, 1.1], median: 1.1, bar: 1.15, aim: 1.04, verdict: 'bar reached' },
    { title: 'c', unit: 'ms', values: [], verdict: 'not measured' },
  ],
  measurements: [
    {
      quantity: 'roll of brokers',
      round: 1,
      value: 10.5,
      load: 1.25,
      nodes: [
        { nodeId: 0, phases: { stop: 1, 'in sync': 2 } },
        { nodeId: 1, phases: { stop: 3, 'in sync': 2 } },
      ],
    },
    { quantity: 'roll of brokers', round: 2, value: 11, load: 2, nodes: [{ nodeId: 0, phases: { stop: 2 } }] },
  ],
  evidence: {},
};

describe('the report of the benchmark', () => {
  const lines = reportText(report).split('\n');

  test('shows each figure with all its values', () => {
    expect(lines).toContain('| a ÷ b | 1.10 × | 1.01, 1.20, 1.10 | ≤ 1.15 | ≤ 1.04 | bar reached |');
    expect(lines).toContain('| c | – | – |  |  | not measured |');
  });

  test('shows what was measured in each round beside the load of the machine', () => {
    expect(lines).toContain('| roll of brokers | 10.50, 11.00 | 1.3, 2.0 |');
  });

  test('shows where the time of a node goes', () => {
    expect(lines).toContain(
      '| roll of brokers | broker | 0.00 | 2.00 | 0.00 | 0.00 | 0.00 | 0.00 | 0.00 | 2.00 | 3.00 |',
    );
  });

  test('says when the machine was busy with something else before', () => {
    expect(doubt(report)).toBeUndefined();
    expect(doubt({ ...report, machine: { ...report.machine, atWorkBefore: 1.1 } })).toBe(
      'VOID: the machine was busy before the first measurement (1.1 of 2 processors at work)',
    );
  });

  test('calls no time good or bad that a busy machine gave, while counts stand', () => {
    const busy = { ...report, machine: { ...report.machine, atWorkBefore: 9 } };
    const count = { title: 'events', unit: '', values: [78], median: 78, bar: 90, verdict: 'bar reached' as const };
    const shown = reportText({ ...busy, figures: [...report.figures, count] }).split('\n');
    expect(shown).toContain('| a ÷ b | 1.10 × | 1.01, 1.20, 1.10 | ≤ 1.15 | ≤ 1.04 | VOID |');
    expect(shown).toContain('| c | – | – |  |  | not measured |');
    expect(shown).toContain('| events | 78.00  | 78.00 | ≤ 90 |  | bar reached |');
  });

  test('says when there were too few rounds', () => {
    expect(doubt({ ...report, rounds: 2 })).toBe('2 of at least 3 rounds: a single round shows little');
  });
});
