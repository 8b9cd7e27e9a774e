/** Bundles functions into `<outDir>/<name>/index.mjs`; deterministic: the same sources give the same bytes wherever they lie. */
export function bundleFunctions(task: {
  readonly functions: readonly { readonly name: string; readonly entry: string }[];
  /** What the entries are relative to. */
  readonly sourceRoot: string;
  readonly outDir: string;
}): Promise<readonly { readonly name: string; readonly path: string; readonly sizeBytes: number }[]>;
