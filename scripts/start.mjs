import { checkPrograms, installDependencies, runProgram } from './prerequisites.mjs';

checkPrograms();
installDependencies();
runProgram('scripts/launch/start.ts', process.argv.slice(2));
