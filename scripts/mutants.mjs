import { checkPrograms, installDependencies, runProgram } from './prerequisites.mjs';

checkPrograms();
installDependencies();
runProgram('scripts/mutants/mutants.ts', process.argv.slice(2));
