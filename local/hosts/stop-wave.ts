import type { TaskOrder } from './protocol.ts';

/** When hosts go down, tasks end wave by wave: the docker label `stop.wave`, 1 when there is none. */
export function stopWave(order: TaskOrder): number {
  const label = order.containers.map(({ labels }) => labels['stop.wave']).find((wave) => wave !== undefined);
  return label === undefined ? 1 : Number(label);
}
