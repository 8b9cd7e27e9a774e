import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Takes a lock file, so that of several processes one does the work. A lock whose process is gone is taken over.
 * The work must stand being done twice: two that take over at the same moment both get it.
 */
export function takeLock(file: string): boolean {
  if (create(file)) return true;
  if (isHeld(file)) return false;
  rmSync(file, { force: true });
  return create(file);
}

/** Idempotent. */
export function dropLock(file: string): void {
  rmSync(file, { force: true });
}

/** Whether a live process holds the lock. */
function isHeld(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch {
    // ESRCH: nobody has this pid. ENOENT: it was dropped since.
    return false;
  }
}

function create(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
