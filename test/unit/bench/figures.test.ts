import { describe, expect, test } from '@jest/globals';
import { median, type RatioRow, ratioFigure, valueFigure } from '../../../scripts/bench/figures.ts';
import type { Measurement } from '../../../scripts/bench/measurement.ts';

const row: RatioRow = { title: 'roll', of: 'roll of brokers', to: 'bare roll of brokers', bar: 1.15, aim: 1.04 };

const measured = (quantity: Measurement['quantity'], round: number, value: number): Measurement => ({
  quantity,
  round,
  value,
  load: 1,
  nodes: [],
});

describe('the median', () => {
  test.each([
    [[3], 3],
    [[9, 1, 4], 4],
    [[10, 1, 4, 2], 3],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('does not exist of nothing', () => {
    expect(() => median([])).toThrow('no values have no median');
  });
});

describe('a ratio', () => {
  test('compares what was measured in the same round, and its median is held to bar and aim', () => {
    const figure = ratioFigure(row, [
      measured('bare roll of brokers', 1, 10),
      measured('roll of brokers', 1, 11),
      measured('roll of brokers', 2, 24),
      measured('bare roll of brokers', 2, 20),
      measured('bare roll of brokers', 3, 8),
      measured('roll of brokers', 3, 8),
    ]);
    expect(figure.values).toEqual([1.1, 1.2, 1]);
    expect(figure.median).toBe(1.1);
    expect(figure.verdict).toBe('bar reached');
    expect(figure.pairs).toEqual([
      { round: 1, of: 11, to: 10 },
      { round: 2, of: 24, to: 20 },
      { round: 3, of: 8, to: 8 },
    ]);
  });

  test('leaves out a round of which one half is missing', () => {
    const figure = ratioFigure(row, [measured('bare roll of brokers', 1, 10), measured('roll of brokers', 2, 11)]);
    expect(figure).toEqual({
      title: 'roll',
      unit: '×',
      values: [],
      pairs: [],
      bar: 1.15,
      aim: 1.04,
      verdict: 'not measured',
    });
  });

  test.each([
    [5, 0],
    [0, 1],
  ])('is void when %d records were lost and %d failed, however good it looks', (lost, failed) => {
    const clients = [{ client: 'c', offered: 9, acknowledged: 9, lost, failed, longestPartitionGapMs: 1 }];
    const figure = ratioFigure(row, [
      { ...measured('roll of brokers', 1, 1), clients },
      measured('bare roll of brokers', 1, 10),
    ]);
    expect(figure.verdict).toBe('VOID');
    expect(figure.median).toBe(0.1);
  });
});

describe('a value', () => {
  test.each([
    [60, 'aim reached'],
    [61, 'bar reached'],
    [120, 'bar reached'],
    [120.1, 'BAR MISSED'],
  ])('of %d under an aim of 60 and a bar of 120 has its %s', (value, verdict) => {
    expect(valueFigure({ title: 'load', unit: 'ms', values: [value], bar: 120, aim: 60 }).verdict).toBe(verdict);
  });

  test('without a bar is only shown', () => {
    expect(valueFigure({ title: 'load', unit: 'ms', values: [1] }).verdict).toBe('shown only');
  });
});
