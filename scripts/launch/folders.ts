import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Jars are the same for every data folder. */
export const optFolder = process.env['WARDEN_OPT'] ?? join(root, '.warden', 'opt');

/** The local cloud's own state within a data folder. */
export const cloudFolder = (dataFolder: string): string => join(dataFolder, 'cloud');
