import type { Refusal } from '../../refusal.ts';
import type { TakenPort } from '../choose-ports.ts';

/** Services share hosts, so each port of a deployment belongs to one of them. */
export function portsAreFree(taken: readonly TakenPort[]): readonly Refusal[] {
  return taken.map(({ pointer, port, service }) => ({
    pointer,
    value: port,
    message: `port ${port} belongs to the service ${service}`,
    allowed: 'a port of 9092 to 9391 that no other service has, or 0',
    hint: 'choose another one, or 0 for the lowest free one',
  }));
}
