import { checkPrograms, installDependencies, runProgram } from './prerequisites.mjs';

checkPrograms();
installDependencies();
runProgram('test/simulation/simulate.ts', process.argv.slice(2));
