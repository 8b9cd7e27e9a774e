import { checkPrograms, installDependencies, runProgram } from './prerequisites.mjs';

checkPrograms();
installDependencies();
runProgram('scripts/bench/bench.ts', process.argv.slice(2));
