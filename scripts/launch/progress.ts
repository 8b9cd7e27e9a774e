/** Runs one piece of the start and prints a line when it begins and when it is done. Progress goes to stderr. */
export async function step<Result>(title: string, work: () => Promise<Result>): Promise<Result> {
  process.stderr.write(`- ${title} ...\n`);
  const startedAt = Date.now();
  const result = await work();
  process.stderr.write(`  done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
  return result;
}

/** The start cannot go on; the message is all that a user needs. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
