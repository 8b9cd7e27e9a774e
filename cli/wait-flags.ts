import { type Command, Option } from 'commander';
import { parseDurationMs } from './duration.ts';

/** Of a command that starts a plan. */
export interface WaitFlags {
  readonly wait?: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Gives a command `--wait` and `--timeout`. */
export function withWait(command: Command): Command {
  return command
    .option('--wait', 'wait until the plan is complete, and show it')
    .addOption(
      new Option('--timeout <duration>', 'give up waiting after this time, for example 90s or 1h30m')
        .argParser(parseDurationMs)
        .default(20 * 60_000, '20m'),
    );
}
