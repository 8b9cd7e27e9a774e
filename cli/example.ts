/** The example at the end of a command's help. */
export function example(line: string, meaning?: string): string {
  return `\nExample:\n  $ ${line}${meaning === undefined ? '' : `\n  ${meaning}`}\n`;
}
