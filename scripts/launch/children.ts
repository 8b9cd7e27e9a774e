import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

const children = new Set<ChildProcess>();

/** Spawns a program that must not outlive this one: cdk, the CLI. */
export function spawnChild(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Ends what still runs; a start that is being stopped waits for none of it. */
export function endChildren(): void {
  for (const child of children) child.kill('SIGTERM');
}
