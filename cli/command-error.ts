import type { ExitCode } from './exit-code.ts';

/** Ends a command: what went wrong, what to do next, and the exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(
    message: string,
    options: { readonly exitCode: ExitCode; readonly hint?: string; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode;
    this.hint = options.hint;
  }
}
