import type { Preview } from '../lib/contract/update-schema.ts';
import { describeDifference } from './describe-difference.ts';
import { drawPlanTree, type TreeStyle } from './plan-tree.ts';
import { drawTable } from './table.ts';

/** A preview as text: its plan, what becomes of each node and why, what changes, what to mind, and how to apply it. */
export function drawPreview(service: string, preview: Preview, style: TreeStyle): string {
  const { planId, plan, nodes, changes, warnings } = preview;
  return [
    drawPlanTree('deploy', plan, style),
    section('Nodes', drawTable(nodes.flatMap(nodeRows))),
    section('Changes', changes.map((change) => `- ${describeDifference(change)}`).join('\n')),
    section('Warnings', warnings.map((warning) => `- ${warning}`).join('\n')),
    `Nothing was changed. Apply it with \`warden --name=${service} update apply ${planId}\`.`,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function section(title: string, text: string): string {
  return text === '' ? '' : `${title}:\n${text}`;
}

/** One reason a line; the name stands at the first. */
function nodeRows({ name, change, reasons }: Preview['nodes'][number]): readonly (readonly string[])[] {
  const [first = '', ...more] = reasons;
  return [[`- ${name}`, change.type, first], ...more.map((reason) => ['', '', reason])];
}
