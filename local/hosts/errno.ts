/** Whether an error of the operating system has this code, such as ESRCH; its class differs between realms. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
