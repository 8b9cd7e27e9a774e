import type { OperationDocument } from '../lib/contract/history-schema.ts';
import { describeDifference } from './describe-difference.ts';
import { drawTable } from './table.ts';

/** The history as a table, newest first. */
export function operationsTable(operations: readonly OperationDocument[]): string {
  return drawTable([
    ['TIME', 'WHO', 'WHAT', 'PLAN', 'OUTCOME'],
    ...operations.map((operation) => [
      operation.requestedAt,
      operation.requestedBy,
      whatOf(operation),
      operation.planId ?? '-',
      operation.outcome,
    ]),
  ]);
}

const mostDetails = 2;
/** A cell is no page: `--json` has everything. */
const longestCell = 80;

/** The verb with what it was for: the step of a command, a pod, a host, the changes of an update, the reason of a refusal. */
function whatOf({ kind, phase, step, pod, instanceId, why, changes = [], errors = [] }: OperationDocument): string {
  const details = [...(why === undefined ? [] : [why]), ...changes.map(describeDifference), ...errors];
  const shown = details.slice(0, mostDetails).join(', ');
  const left = details.length - mostDetails;
  const more = left > 0 ? ` and ${left} more` : '';
  const part = step ?? phase ?? pod ?? instanceId;
  const words = [kind, part, shown === '' ? undefined : `(${shown}${more})`];
  const cell = words.filter((word) => word !== undefined).join(' ');
  return cell.length > longestCell ? `${cell.slice(0, longestCell - 1)}…` : cell;
}
