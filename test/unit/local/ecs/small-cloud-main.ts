import { startSmallCloud } from './small-cloud.ts';

const [port, dataFolder = '', addressPrefix = ''] = process.argv.slice(2);
const cloud = await startSmallCloud({ port: Number(port), dataFolder, addressPrefix });
process.once('SIGTERM', () => void cloud.close().then(() => process.exit(0)));
process.stdout.write('ready\n');
