import { describe, expect, test } from '@jest/globals';
import { drawPlanTree } from '../../../cli/plan-tree.ts';
import type { PlanDocument } from '../../../lib/contract/plan-schema.ts';

const plain = { paint: (_status: string, text: string) => text };

const step = (name: string, status: PlanDocument['status']) => ({ id: name, name, status, message: '' });

const waiting = {
  reason: { type: 'quorum', detail: 'no leader' },
  sentence: 'waits for the controller quorum: no leader',
  since: '2026-11-21T12:00:00.000Z',
} as const;

const plan: PlanDocument = {
  phases: [
    {
      id: 'c',
      name: 'controller',
      steps: [
        step('controller-0:[controller]', 'COMPLETE'),
        { ...step('controller-1:[controller]', 'STARTED'), waiting },
      ],
      strategy: 'serial',
      status: 'IN_PROGRESS',
    },
    {
      id: 'b',
      name: 'broker',
      steps: [{ ...step('kafka-0:[broker]', 'PENDING'), waiting }, step('kafka-1:[broker]', 'PENDING')],
      strategy: 'serial',
      status: 'PENDING',
    },
  ],
  errors: [],
  strategy: 'serial',
  status: 'IN_PROGRESS',
};

describe('the tree of a plan', () => {
  test('is that of the 2.x CLI, with the reason beneath each step that waits', () => {
    expect(drawPlanTree('deploy', plan, plain)).toBe(
      [
        'deploy (serial strategy) (IN_PROGRESS)',
        '├─ controller (serial strategy) (IN_PROGRESS)',
        '│  ├─ controller-0:[controller] (COMPLETE)',
        '│  └─ controller-1:[controller] (STARTED)',
        '│        waits for the controller quorum: no leader',
        '└─ broker (serial strategy) (PENDING)',
        '   ├─ kafka-0:[broker] (PENDING)',
        '   │     waits for the controller quorum: no leader',
        '   └─ kafka-1:[broker] (PENDING)',
      ].join('\n'),
    );
  });

  test('shows how the log of a node ended, or why it could not be read', () => {
    const lastWords = {
      taskArn: 'arn:aws:ecs:eu-west-1:1:task/Warden/77',
      lines: ['ERROR Exiting Kafka', 'Caused by: x'],
    };
    const steps = [
      { ...step('kafka-0:[broker]', 'DELAYED'), waiting, lastWords },
      {
        ...step('kafka-1:[broker]', 'DELAYED'),
        lastWords: { ...lastWords, lines: [], unread: 'TaskLogsError: no answer' },
      },
    ];
    const broker = { id: 'b', name: 'broker', steps, strategy: 'serial', status: 'DELAYED' } as const;
    expect(drawPlanTree('deploy', { ...plan, phases: [broker] }, plain)).toBe(
      [
        'deploy (serial strategy) (IN_PROGRESS)',
        '└─ broker (serial strategy) (DELAYED)',
        '   ├─ kafka-0:[broker] (DELAYED)',
        '   │     waits for the controller quorum: no leader',
        '   │     the log of task 77 ends:',
        '   │       ERROR Exiting Kafka',
        '   │       Caused by: x',
        '   └─ kafka-1:[broker] (DELAYED)',
        '         the log of task 77 could not be read: TaskLogsError: no answer',
      ].join('\n'),
    );
  });

  test('says how long a step has waited, and never less than nothing', () => {
    const later = drawPlanTree('deploy', plan, { ...plain, nowMs: Date.UTC(2026, 10, 21, 12, 1, 5) });
    expect(later).toContain('no leader (for 65 s)');
    const earlier = drawPlanTree('deploy', plan, { ...plain, nowMs: Date.UTC(2026, 10, 21, 11) });
    expect(earlier).toContain('no leader (for 0 s)');
  });

  test('ends with the errors of the plan', () => {
    const failed = { ...plan, phases: [], status: 'ERROR' as const, errors: ['foo', 'bar'] };
    expect(drawPlanTree('deploy', failed, plain)).toBe('deploy (serial strategy) (ERROR)\n\nErrors:\n- foo\n- bar');
  });
});
