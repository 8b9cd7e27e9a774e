/** What the processes of tasks have written. Throws TaskLogsError when the log does not answer. */
export interface TaskLogs {
  /**
   * The newest lines of a node's process, at most 100, newest last: a stack trace fills many. None when it wrote nothing,
   * or its log is gone.
   */
  tail(task: { readonly service: string; readonly taskArn: string }): Promise<readonly string[]>;
}
