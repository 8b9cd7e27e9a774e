import type { PodsAnswer } from '../lib/contract/pod-schemas.ts';

type Group = PodsAnswer['pods'][number];
type Pod = Group['instances'][number];

/**
 * The pods of a service as the tree of the 2.x CLI: types, or pods alone.
 * Source: dcos-commons, cli/queries/pod.go.
 */
export function drawPodTree(groups: readonly Group[], pods: readonly Pod[] = []): string {
  const lines = [
    ...groups.flatMap(({ name, instances }) => [name, ...beneath(instances.map(podLines))]),
    ...pods.flatMap(podLines),
  ];
  return lines.map((line) => line.trimEnd()).join('\n');
}

function podLines({ name, tasks }: Pod): readonly string[] {
  return [name, ...beneath(tasks.map((task) => [`${task.name} (${task.status ?? '<UNKNOWN>'})`]))];
}

/** The first line of each child belongs to the child itself, the others lie beneath it. */
function beneath(children: readonly (readonly string[])[]): readonly string[] {
  return children.flatMap(([first = '', ...below], index) => {
    const isLast = index === children.length - 1;
    return [`${isLast ? '└─' : '├─'} ${first}`, ...below.map((line) => `${isLast ? ' ' : '│'}  ${line}`)];
  });
}
