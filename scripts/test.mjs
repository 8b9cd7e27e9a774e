import { checkPrograms, installDependencies, runProgram } from './prerequisites.mjs';

checkPrograms();
installDependencies();
runProgram('scripts/gate/gate.ts', process.argv.slice(2));
