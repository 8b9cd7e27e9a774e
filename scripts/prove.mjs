// Usage: node scripts/prove.mjs <proof of scripts/proof> [its arguments]
import { checkPrograms, installDependencies, runProgram } from './prerequisites.mjs';

const [proof, ...args] = process.argv.slice(2);
checkPrograms();
installDependencies();
runProgram(`scripts/proof/${proof}.ts`, args);
