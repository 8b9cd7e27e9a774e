/**
 * Bundles every Lambda function of lib/stacks/function-table.ts into one file, `dist/functions/<Name>/index.mjs`.
 * The same bytes run in tests, on the local cloud and on AWS: nothing is left to what a runtime happens to provide.
 * What a function would make anew from the same sources each time, the OpenAPI document, is made here and lies beside it.
 * `node scripts/bundle-functions.mjs` bundles all and prints their sizes.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { openApiDocument } from '../lib/contract/openapi.ts';
import { functionTable } from '../lib/stacks/function-table.ts';

const root = join(import.meta.dirname, '..');

// CommonJS packages inside an ES module still call require for Node's own modules.
const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

// Stands in for lib/contract/openapi.ts, whose libraries weigh more than its document.
const documentReader = `
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
export const openApiDocument = () => JSON.parse(readFileSync(join(import.meta.dirname, 'openapi.json'), 'utf8'));
`;

/**
 * @param {string} folder of the bundle that reads the document
 * @param {(name: string, contents: Uint8Array) => void} addFile to the bundle
 * @returns {import('esbuild').Plugin}
 */
function madeDocument(folder, addFile) {
  return {
    name: 'made document',
    setup({ onLoad }) {
      onLoad({ filter: /lib[/\\]contract[/\\]openapi\.ts$/ }, () => {
        addFile('openapi.json', Buffer.from(`${JSON.stringify(openApiDocument())}\n`));
        return { contents: documentReader, resolveDir: folder };
      });
    },
  };
}

/**
 * Clients of the SDK read their version from their package.json, and would bring all of it along.
 * @type {import('esbuild').Plugin}
 */
const versionsOnly = {
  name: 'versions only',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[/\\]client-[\w-]+[/\\]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

const unreached = join(import.meta.dirname, 'lambda-unreached.mjs');

/** What of the SDK is replaced: what Lambda makes simple, and what is never reached. */
const standIns = {
  '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambda-credentials.mjs'),
  '@aws-sdk/endpoint-cache': unreached,
  '@smithy/core/event-streams': unreached,
};

/**
 * The SDK names these of its own files by their place: an alias would not find them.
 * @type {import('esbuild').Plugin}
 */
const hashesOfNode = {
  name: 'hashes of Node',
  setup({ onLoad }) {
    onLoad({ filter: /@smithy[/\\]core[/\\].*[/\\](Sha256|Md5)Js\.js$/ }, () => ({
      contents: `export { Sha256Js, Md5Js } from ${JSON.stringify(unreached)};`,
      resolveDir: import.meta.dirname,
    }));
  },
};

/** Of the first one we read why; the SDK tells by the second one's class that a repetition may succeed. */
const readErrors = ['TransactionCanceledException', 'ReplicatedWriteConflictException'];

/**
 * The SDK's own errors by name: an unregistered one keeps AWS's name, message and status, and becomes the base error of
 * its client, as all errors of EC2 do. Registered ones would bring the classes and shapes of calls that nobody makes.
 * @type {import('esbuild').Plugin}
 */
const errorsByName = {
  name: 'errors by name',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[/\\]client-[\w-]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace(/^n0_registry\.registerError\((\w+)\$, .*\);$/gm, (line, error) =>
        readErrors.includes(error) ? line : '',
      );
      return { contents, loader: 'js' };
    });
  },
};

/**
 * Deterministic: the same sources give the same bytes wherever they lie. What is there already is left as it is, so that
 * another run, which reads it meanwhile, is not disturbed.
 * @param {{ functions: readonly { name: string, entry: string }[], sourceRoot: string, outDir: string }} task
 * @returns {Promise<readonly { name: string, path: string, sizeBytes: number }[]>}
 */
export async function bundleFunctions({ functions, sourceRoot, outDir }) {
  return Promise.all(
    functions.map(async ({ name, entry }) => {
      const folder = join(outDir, name);
      const files = await bundle(folder, { entry, sourceRoot });
      await writeFolder(folder, files);
      return { name, path: join(folder, 'index.mjs'), sizeBytes: files.get('index.mjs')?.length ?? 0 };
    }),
  );
}

/**
 * @param {string} folder where the bundle will lie
 * @param {{ entry: string, sourceRoot: string }} source
 * @returns {Promise<ReadonlyMap<string, Uint8Array>>} its files by name
 */
async function bundle(folder, { entry, sourceRoot }) {
  const files = new Map();
  const { outputFiles } = await build({
    absWorkingDir: sourceRoot,
    entryPoints: [entry],
    outfile: join(folder, 'index.mjs'),
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    alias: standIns,
    banner: { js: banner },
    plugins: [
      madeDocument(folder, (name, contents) => files.set(name, contents)),
      versionsOnly,
      hashesOfNode,
      errorsByName,
    ],
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) files.set(basename(path), contents);
  return files;
}

/**
 * Makes a folder hold these files and no others: the asset is the whole folder.
 * @param {string} folder
 * @param {ReadonlyMap<string, Uint8Array>} files
 */
async function writeFolder(folder, files) {
  await mkdir(folder, { recursive: true });
  for (const [name, contents] of files) {
    const file = join(folder, name);
    const present = await readFile(file).catch(() => undefined);
    if (present?.equals(contents)) continue;
    // Outside of the folder: nobody must take the draft for a part of it.
    const draft = `${folder}.${name}.${process.pid}`;
    await writeFile(draft, contents);
    await rename(draft, file);
  }
  const strange = (await readdir(folder)).filter((name) => !files.has(name));
  await Promise.all(strange.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

if (import.meta.main) {
  try {
    const outDir = join(root, 'dist/functions');
    const bundles = await bundleFunctions({ functions: functionTable, sourceRoot: root, outDir });
    for (const { name, sizeBytes } of bundles) {
      console.log(`${name.padEnd(12)} ${(sizeBytes / 1000).toFixed(0).padStart(5)} kB`);
    }
  } catch (error) {
    // esbuild has printed where its own errors are; anything else is a defect of this script.
    if (!(error instanceof Error && 'errors' in error)) throw error;
    process.exitCode = 1;
  }
}
