/** A cloud with Lambda in a process of its own, so that a test can kill it: `cloud-process.ts <folder> <port>`. */
import { createLambdaService } from '../../../../local/lambda/service.ts';
import { startSmallCloud } from './small-cloud.ts';

const [folder = '', port = ''] = process.argv.slice(2);
await startSmallCloud({ folder, port: Number(port), services: [createLambdaService] });
process.stdout.write('ready\n');
