import { hasDependencies, runProgram } from './prerequisites.mjs';

if (hasDependencies()) runProgram('scripts/launch/stop.ts', process.argv.slice(2));
else process.stderr.write('Nothing was ever started here.\n');
