import { podName } from '../model/node.ts';
import type { NodeChange } from '../model/plan/node-change.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Proposal, ServiceState, UpdateError } from '../model/state.ts';
import { draftUpdate, type UpdateRequest } from './draft-update.ts';
import type { ApiPorts } from './install-service.ts';

/** What would become of a node. */
export interface ProposedNode {
  readonly name: string;
  readonly nodeId: number;
  readonly change: NodeChange;
}

export type ProposalResult =
  | {
      readonly type: 'proposed';
      readonly proposal: Proposal;
      readonly state: ServiceState;
      readonly nodes: readonly ProposedNode[];
    }
  | { readonly type: 'unchanged'; readonly planId: string }
  | { readonly type: 'no service' }
  | { readonly type: 'going away' }
  | { readonly type: 'hibernates' }
  | { readonly type: 'refused'; readonly refusals: readonly Refusal[]; readonly errors: readonly UpdateError[] };

/** Works out an update as `updateService` does, and only keeps it for a week: nothing of the service changes. */
export async function proposeUpdate(ports: ApiPorts, request: UpdateRequest): Promise<ProposalResult> {
  const draft = await draftUpdate(ports, request);
  switch (draft.type) {
    case 'no service':
    case 'going away':
    case 'hibernates':
      return draft;
    case 'unchanged':
      return { type: 'unchanged', planId: draft.state.wish.planId };
    case 'refused':
      return { type: 'refused', refusals: draft.refusals, errors: draft.errors };
    case 'drafted': {
      const { plan, config, target, state, changes } = draft;
      const basedOn = { planId: state.wish.planId, configId: state.target.configId };
      const proposal = { service: request.service, plan, config, target, basedOn };
      if (!(await ports.store.putProposal(proposal))) return { type: 'no service' };
      const nodes = [...changes].map(([nodeId, change]) => ({ name: podName(nodeId), nodeId, change }));
      return { type: 'proposed', proposal, state, nodes };
    }
  }
}
