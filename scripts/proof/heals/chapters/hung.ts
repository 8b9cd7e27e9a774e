import { until } from '../../rights/installation.ts';
import { type Chapter, checkStarts } from '../../rolls/story.ts';
import { checkInPlace, holdJvm, nodeSeen, recoveryStep, untilNextTry } from '../nodes.ts';

/** A process that is there and does nothing any more: nobody but the watchdog beside it can tell. */
export const hung: Chapter = {
  name: 'hung',
  title: 'a broker that hangs (SIGSTOP) is ended by its watchdog and recovered',
  // Its connections stay open, and clients wait for its answers until theirs is over.
  mayFail: true,
  run: async (story) => {
    const { service, findings } = story;
    const startedAt = Date.now();
    const was = await holdJvm(story, 1);
    const step = await until('the plan recovery shows the last words of the broker', 300, async () => {
      const shown = await recoveryStep(service, 1);
      return (shown?.lastWords?.lines.length ?? 0) > 0 ? shown : undefined;
    });
    const lines = (step.lastWords?.lines ?? []).filter((line) => line.startsWith('warden: '));
    for (const number of [1, 2, 3])
      findings.check(
        `the log counts: health check ${number} of 3 failed`,
        lines.some((line) => line.includes(`health check ${number} of 3 failed: no answer within 10 s`)),
        lines,
      );
    const now = await untilNextTry(service, was);
    checkInPlace(findings, was, now);
    await service.untilSettled(3);
    const ended = (await service.starts(0)).find(({ taskArn }) => taskArn === was.taskArn);
    findings.check('the container ended with the exit code 69', ended?.exitCode === 69, ended);
    findings.check('it runs', (await nodeSeen(service, 1)).state === 'RUNNING', now.taskArn);
    await checkStarts(story, startedAt, { 1: 1 });
  },
};
