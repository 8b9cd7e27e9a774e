// Bundles each command into one file that starts fast: dist/cli/warden.mjs and dist/cli/warden-local.mjs.
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const programs = { warden: 'cli/warden.ts', 'warden-local': 'local/chaos/client/main.ts' };
await build({
  absWorkingDir: root,
  entryPoints: programs,
  outdir: 'dist/cli',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  // Packages in CommonJS still call require for Node's own modules.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'warning',
});
for (const name of Object.keys(programs)) await chmod(join(root, 'dist', 'cli', `${name}.mjs`), 0o755);
