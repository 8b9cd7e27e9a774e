import { isDown } from '../model/broker/node-run.ts';
import type { NodeId } from '../model/node.ts';
import type { ConfigDifference } from '../model/plan/config-difference.ts';
import { configToGoBackTo } from '../model/plan/config-to-go-back-to.ts';
import type { NodeChange } from '../model/plan/node-change.ts';
import type { Plan } from '../model/plan/plan.ts';
import type { Strategy } from '../model/plan/strategy.ts';
import { planUpdate } from '../model/plan/update.ts';
import type { ServiceConfig } from '../model/service/config.ts';
import { nodeIdsOf } from '../model/service/node-ids.ts';
import type { ServiceState, ServiceTarget } from '../model/state.ts';
import type { ApiPorts } from './install-service.ts';
import { nodeChanges } from './node-changes.ts';

/** An update that is to be planned. */
interface Towards {
  readonly state: ServiceState;
  readonly config: ServiceConfig;
  readonly target: ServiceTarget;
  readonly requestedBy: string;
  readonly strategy: Strategy;
  readonly differences: readonly ConfigDifference[];
  readonly takesBack?: NonNullable<Plan['takesBack']>;
}

/** The plan that brings the nodes of the service, as they are now, to a config; nothing is stored. */
export async function planTowards(
  ports: Pick<ApiPorts, 'store' | 'clock' | 'newId'>,
  { state, config, target, requestedBy, strategy, differences, takesBack }: Towards,
): Promise<{ readonly plan: Plan; readonly changes: ReadonlyMap<NodeId, NodeChange> }> {
  const { service, brokerIds, controllerIds } = target;
  const nodeIds = [...new Set([...brokerIds, ...controllerIds])];
  const changes = await nodeChanges(ports, state, { nodeIds, target: config });
  const nodes = nodeIds.map((nodeId) => ({
    nodeId,
    change: changes.get(nodeId) ?? { type: 'none' as const },
    isDown: isDown(state, nodeId),
  }));
  const plan = planUpdate(
    {
      ...{ service, configId: config.id, brokerIds, controllerIds, createdAt: ports.clock(), requestedBy },
      ...{ strategy, changes: differences, previousConfigId: configToGoBackTo(state) },
      isQuorumFormed: state.quorumFormed !== undefined,
      ...(takesBack === undefined ? {} : { takesBack }),
    },
    nodes,
    ports.newId,
  );
  return { plan, changes };
}

export function targetOf({ target }: ServiceState, config: ServiceConfig): ServiceTarget {
  return { ...target, configId: config.id, packageVersion: config.packageVersion, ...nodeIdsOf(config.options) };
}
