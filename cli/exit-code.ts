/** What the shell learns of a command. */
export const exitCode = {
  ok: 0,
  /** The request was refused, or the plan has errors. */
  failed: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  /** The API cannot be reached, or does not know the token. */
  unreachable: 5,
  timeout: 124,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
