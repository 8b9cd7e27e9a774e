import { describe, expect, test } from '@jest/globals';
import { emptyHost, roomOnKeptHost } from '../../../../lib/model/placement/room-on-kept-host.ts';

const promise = (nodeId: number, cpuUnits: number, memoryMiB: number) => ({
  ...{ service: 'kafka', nodeId, instanceId: 'i-1', cpuUnits, memoryMiB, ports: [9092] },
});
const needs = (cpuUnits: number, memoryMiB: number) => ({ cpuUnits, memoryMiB, ports: [9092] });
const host = emptyHost({ cpuUnits: 4096, memoryMiB: 8192 });
const around = { own: promise(0, 1024, 2048), promised: [promise(1, 512, 1024)] };

describe('the room on the host that a node keeps', () => {
  test.each([
    ['what it was promised', needs(1024, 2048)],
    ['less', needs(512, 1024)],
  ])('is there for %s, whatever ECS has given away', (_, less) => {
    const full = { ...host, freeCpuUnits: 0, freeMemoryMiB: 0 };
    expect(roomOnKeptHost(full, { ...around, needs: less })).toEqual([]);
  });

  test('is all that is not promised to others', () => {
    expect(roomOnKeptHost(host, { ...around, needs: needs(3584, 7168) })).toEqual([
      { rule: 'cpu', outcome: 'pass', explanation: 'has 3584 free CPU units, needs 3584' },
      { rule: 'memory', outcome: 'pass', explanation: 'has 7168 MiB free memory, needs 7168' },
    ]);
    expect(roomOnKeptHost(host, { ...around, needs: needs(3585, 2048) })).toEqual([
      { rule: 'cpu', outcome: 'fail', explanation: 'has 3584 free CPU units, needs 3585' },
    ]);
    expect(roomOnKeptHost(host, { ...around, needs: needs(1024, 7169) })).toEqual([
      { rule: 'memory', outcome: 'fail', explanation: 'has 7168 MiB free memory, needs 7169' },
    ]);
  });

  test('is looked for in full while nothing was promised', () => {
    expect(roomOnKeptHost(host, { needs: needs(1, 1), own: undefined, promised: [] }).map(({ rule }) => rule)).toEqual([
      'cpu',
      'memory',
    ]);
  });
});
