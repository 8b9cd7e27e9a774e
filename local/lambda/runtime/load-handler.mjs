import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** An error of the runtime itself: `name` is the errorType that Lambda answers. */
class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/**
 * Loads `folder/file.export.name` from the task root as Lambda's Node runtime does: .js, then .mjs, then .cjs.
 * Source: aws-lambda-nodejs-runtime-interface-client.
 */
export async function loadHandler(taskRoot, handler) {
  const match = /^([^.]*)\.(.*)$/.exec(basename(handler));
  if (match === null || handler.includes('..')) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const [, file, exportName] = match;
  const loaded = await loadModule(join(taskRoot, dirname(handler), file));
  const found = findExport(loaded, exportName) ?? findExport(loaded.default, exportName);
  if (found === undefined) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  if (typeof found !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
  if (found.length >= 3) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. Use an async function.',
    );
  }
  return found;
}

async function loadModule(path) {
  const file = ['', '.js', '.mjs', '.cjs'].map((extension) => `${path}${extension}`).find((name) => existsSync(name));
  try {
    if (file === undefined) return createRequire(pathToFileURL(`${path}.js`))(path);
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) {
      const refusal = new RuntimeError('Runtime.UserCodeSyntaxError', String(error));
      refusal.stack = error.stack;
      throw refusal;
    }
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw new RuntimeError('Runtime.ImportModuleError', String(error));
    }
    throw error;
  }
}

function findExport(loaded, exportName) {
  return exportName.split('.').reduce((value, key) => value?.[key], loaded);
}
