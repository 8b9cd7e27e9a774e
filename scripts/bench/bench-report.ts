import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, median } from './figures.ts';
import type { Measurement, Quantity } from './measurement.ts';

/** All that a run has measured. */
export interface BenchReport {
  readonly startedAt: string;
  readonly machine: {
    readonly processors: number;
    readonly model: string;
    /** How many of them were at work when all was ready for the first measurement. */
    readonly atWorkBefore: number;
  };
  readonly rounds: number;
  readonly figures: readonly Figure[];
  readonly measurements: readonly Measurement[];
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Order of the phases in a table. */
const phaseNames = ['wait for turn', 'stop', 'release', 'place', 'volume', 'start', 'join quorum', 'in sync'];

/** Above this share of the processors at work, other programs than ours are, before the first measurement. */
const calmShare = 0.5;

/** Why the figures of this run cannot be believed; undefined when nothing speaks against them. */
export function doubt({ machine, rounds }: Pick<BenchReport, 'machine' | 'rounds'>): string | undefined {
  if (isVoid(machine)) {
    return `VOID: the machine was busy before the first measurement (${machine.atWorkBefore.toFixed(1)} of ${machine.processors} processors at work)`;
  }
  return rounds < 3 ? `${rounds} of at least 3 rounds: a single round shows little` : undefined;
}

function isVoid({ atWorkBefore, processors }: BenchReport['machine']): boolean {
  return atWorkBefore > processors * calmShare;
}

/** On a busy machine times say nothing, not even good ones; counts and sizes stand. */
function voided(figure: Figure): Figure {
  const isTimed = figure.unit === '×' || figure.unit === 'ms';
  return isTimed && figure.verdict !== 'not measured' ? { ...figure, verdict: 'VOID' } : figure;
}

/** Figures, then where the time of each node went, as Markdown. */
export function reportText(report: BenchReport): string {
  const { machine, rounds, startedAt } = report;
  const reason = doubt(report);
  return [
    `${startedAt}; ${machine.processors} processors (${machine.model}), ${machine.atWorkBefore.toFixed(1)} of them at work before; rounds: ${rounds}`,
    ...(reason === undefined ? [] : ['', `**${reason}**`]),
    '',
    '| what | median | all | bar | aim | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...report.figures.map((figure) => figureLine(isVoid(machine) ? voided(figure) : figure)),
    '',
    '| measured | rounds, s (gaps: ms) | load |',
    '| --- | --- | --- |',
    ...quantitiesOf(report.measurements).map((quantity) => measuredLine(quantity, report.measurements)),
    '',
    'Where the time goes: median seconds of a node, by phase.',
    '',
    `| measured | role | ${phaseNames.join(' | ')} | sum |`,
    `| --- | --- | ${phaseNames.map(() => '---').join(' | ')} | --- |`,
    ...quantitiesOf(report.measurements).flatMap((quantity) => phaseLines(quantity, report.measurements)),
    '',
  ].join('\n');
}

/** The folder gets `bench.json` with everything and `table.md` with what is printed. */
export function writeReport(folder: string, report: BenchReport): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bench.json'), `${JSON.stringify({ ...report, doubt: doubt(report) }, undefined, 2)}\n`);
  writeFileSync(join(folder, 'table.md'), reportText(report));
}

function figureLine({ title, unit, values, median: middle, bar, aim, verdict }: Figure): string {
  const shown = middle === undefined ? '–' : `${number(middle)} ${unit}`;
  return `| ${[title, shown, values.map(number).join(', ') || '–', limit(bar), limit(aim), verdict].join(' | ')} |`;
}

function measuredLine(quantity: Quantity, measurements: readonly Measurement[]): string {
  const own = measurements.filter((measurement) => measurement.quantity === quantity);
  const loads = own.map(({ load }) => load.toFixed(1)).join(', ');
  return `| ${quantity} | ${own.map(({ value }) => number(value)).join(', ')} | ${loads} |`;
}

function phaseLines(quantity: Quantity, measurements: readonly Measurement[]): string[] {
  const nodes = measurements.filter((one) => one.quantity === quantity).flatMap((one) => one.nodes);
  return (['controller', 'broker'] as const).flatMap((role) => {
    const own = nodes.filter(({ nodeId }) => nodeId >= 1000 === (role === 'controller'));
    if (own.length === 0) return [];
    const medians = phaseNames.map((phase) => median(own.map(({ phases }) => phases[phase] ?? 0)));
    const sum = median(own.map(({ phases }) => Object.values(phases).reduce((total, seconds) => total + seconds, 0)));
    return [`| ${[quantity, role, ...medians.map(number), number(sum)].join(' | ')} |`];
  });
}

function quantitiesOf(measurements: readonly Measurement[]): readonly Quantity[] {
  return [...new Set(measurements.map(({ quantity }) => quantity))];
}

function limit(value: number | undefined): string {
  return value === undefined ? '' : `≤ ${value}`;
}

/** Three digits tell enough of what is measured here. */
function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
