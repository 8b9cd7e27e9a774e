/** How a visit went wrong. */
export interface VisitFailure {
  readonly name: string;
  readonly error: unknown;
}

export interface WalkOptions {
  /** Names with the names that each must come after; names that are no nodes are not waited for. */
  readonly graph: ReadonlyMap<string, readonly string[]>;
  readonly visit: (name: string) => Promise<void>;
  /** After a failure begin nothing more, or everything that does not come after what failed. */
  readonly afterFailure: 'begin nothing' | 'go on';
}

/** Visits every node after the nodes that it depends on, side by side where nothing says otherwise. */
export async function walkGraph(options: WalkOptions): Promise<readonly VisitFailure[]> {
  const { graph, visit, afterFailure } = options;
  const failures: VisitFailure[] = [];
  const waiting = new Set(graph.keys());
  const done = new Set<string>();
  const isReady = (name: string) => (graph.get(name) ?? []).every((other) => done.has(other) || !graph.has(other));
  const beginReady = async (): Promise<void> => {
    if (failures.length > 0 && afterFailure === 'begin nothing') return;
    const ready = [...waiting].filter(isReady);
    for (const name of ready) waiting.delete(name);
    await Promise.all(ready.map(visitOne));
  };
  const visitOne = async (name: string): Promise<void> => {
    try {
      await visit(name);
      done.add(name);
    } catch (error) {
      // The caller decides what a failure means; the walk only stops what came after it.
      failures.push({ name, error });
    }
    await beginReady();
  };
  await beginReady();
  return failures;
}
