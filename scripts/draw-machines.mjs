// Draws the state machines as the Step Functions console does: boxes, arrows, and each box's comment beneath.
// node scripts/draw-machines.mjs writes statemachines/README.md; with --check it only compares.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../statemachines', import.meta.url));
const readme = join(folder, 'README.md');

const intro = `# State machines

One file a plan. They hold order and waiting only; what is decided stands in \`lib/model\`, what is done in
\`lib/operations\`. A dotted arrow is taken when a step ends with the error that it names. Every step looks first, so a
machine that is run again passes over what is done. (Made by \`node scripts/draw-machines.mjs\`.)
`;

const order = [
  ...['deploy', 'update', 'broker', 'recover', 'replace', 'restart', 'pause'],
  ...['hibernate', 'resume', 'uninstall', 'reconcile'],
];
const slug = (name) => name.replace(/[^A-Za-z0-9]/g, '_');
const quoted = (text) => `"${text.replaceAll('"', "'")}"`;

function box(name, state, prefix) {
  const id = prefix + slug(name);
  if (state.Type === 'Choice') return `${id}{${quoted(name)}}`;
  if (state.Type === 'Succeed' || state.Type === 'Fail') return `${id}([${quoted(name)}])`;
  return `${id}[${quoted(name)}]`;
}

function drawStates(machine, prefix) {
  return Object.entries(machine.States).flatMap(([name, state]) => {
    const id = prefix + slug(name);
    const inner = state.ItemProcessor;
    const lines = inner
      ? [`subgraph ${id}[${quoted(name)}]`, ...drawStates(inner, `${id}_`), 'end']
      : [box(name, state, prefix)];
    const arrows = [
      ...(state.Next ? [`${id} --> ${prefix}${slug(state.Next)}`] : []),
      ...(state.Choices ?? []).map((choice) => `${id} -- yes --> ${prefix}${slug(choice.Next)}`),
      ...(state.Default ? [`${id} -- no --> ${prefix}${slug(state.Default)}`] : []),
      ...(state.Catch ?? []).map(
        ({ ErrorEquals, Next }) => `${id} -. ${ErrorEquals.join(', ')} .-> ${prefix}${slug(Next)}`,
      ),
    ];
    return [...lines, ...arrows];
  });
}

function listStates(machine, indent = '') {
  return Object.entries(machine.States).flatMap(([name, state]) => [
    `${indent}- **${name}**: ${state.Comment}`,
    ...(state.ItemProcessor ? listStates(state.ItemProcessor, `${indent}  `) : []),
  ]);
}

function section(name) {
  const machine = JSON.parse(readFileSync(join(folder, `${name}.asl.json`), 'utf8'));
  const drawing = ['```mermaid', 'flowchart TD', ...drawStates(machine, '').map((line) => `  ${line}`), '```'];
  return [`\n## ${name}\n`, machine.Comment, '', ...drawing, '', ...listStates(machine), ''].join('\n');
}

const missing = readdirSync(folder).filter(
  (file) => file.endsWith('.asl.json') && !order.includes(file.replace('.asl.json', '')),
);
if (missing.length > 0) throw new Error(`not drawn: ${missing.join(', ')}`);
const text = intro + order.map(section).join('');
if (!process.argv.includes('--check')) writeFileSync(readme, text);
else if (readFileSync(readme, 'utf8') !== text) {
  process.stderr.write(
    'statemachines/README.md does not show the machines as they are: node scripts/draw-machines.mjs\n',
  );
  process.exit(1);
}
