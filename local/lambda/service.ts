import { forgetProcess, listLiveProcesses } from '../core/processes.ts';
import type { Cloud, LocalService } from '../core/service.ts';
import { type Clock, systemClock } from '../events/clock.ts';
import { createAsyncInvocations } from './async-invocations.ts';
import { openFunctionStore } from './function-store.ts';
import { createFunctionHandlers } from './functions.ts';
import { createInvokeHandlers } from './invoke.ts';
import { createInvokeConfigHandlers } from './invoke-config.ts';
import { createPolicyHandlers } from './policy.ts';
import { Pool } from './pool.ts';

/** Lambda: functions run in worker processes of Node 24, one for each execution environment. */
export function createLambdaService(cloud: Cloud, clock: Clock = systemClock): LocalService {
  const store = openFunctionStore(cloud, clock);
  const pool = new Pool(store);
  const async = createAsyncInvocations(store, pool);
  const listener = {
    onChange: (name: string) => pool.retire(name),
    onDelete: (name: string) => {
      pool.retire(name);
      async.drop(name);
    },
  };
  return {
    name: 'lambda',
    handlers: {
      ...createFunctionHandlers(store, listener),
      ...createPolicyHandlers(store),
      ...createInvokeConfigHandlers(store),
      ...createInvokeHandlers(store, pool, async),
    },
    start: () => {
      endLeftoverWorkers(cloud);
      store.code.removeOthers(store.functions.values().map(({ code }) => code));
      async.start();
    },
    stop: async () => {
      async.stop();
      await pool.stop();
    },
  };
}

/** Workers end by themselves when their cloud dies; one that is busy beyond that must not act beside its successor. */
function endLeftoverWorkers(cloud: Cloud): void {
  for (const { pid, kind } of listLiveProcesses(cloud.dataFolder)) {
    if (!kind.startsWith('function ')) continue;
    process.kill(-pid, 'SIGKILL');
    forgetProcess(cloud.dataFolder, pid);
  }
}
