import type { NodeId } from '../node.ts';
import type { StopJudgement } from './broker-may-stop.ts';
import { hasCaughtUp, type QuorumState } from './quorum-state.ts';

/**
 * A controller may stop when the voters that have caught up without it still are a majority; of two the other must
 * have caught up; a single one does not block. Those that the quorum looks for elsewhere do not count: when this one, which
 * they follow, is stopped and moves as well, none finds another and nobody leads for ever. `soughtElsewhere`: what
 * `votersSoughtElsewhere` says. Source: design, roll safety.
 */
export function controllerMayStop(
  quorum: QuorumState,
  nodeId: NodeId,
  soughtElsewhere: readonly NodeId[],
): StopJudgement {
  const { voters } = quorum;
  if (voters.length <= 1) return { type: 'may stop' };
  const beside = voters.filter((voter) => voter.id !== nodeId);
  const isSoughtElsewhere = ({ id }: { readonly id: NodeId }) => soughtElsewhere.includes(id);
  const caughtUp = beside.filter((voter) => hasCaughtUp(quorum, voter.id) && !isSoughtElsewhere(voter));
  const needed = voters.length === 2 ? 1 : Math.floor(voters.length / 2) + 1;
  if (caughtUp.length >= needed) return { type: 'may stop' };
  const others = caughtUp.map((voter) => voter.id).join(', ') || 'none';
  const moved = beside.filter(isSoughtElsewhere);
  return {
    type: 'must not stop',
    blockers: [
      `without controller ${nodeId} the quorum needs ${needed} voters that have caught up, there are: ${others}`,
      ...moved.map(({ id }) => `the others know controller ${id} at the address that it had before`),
    ],
    behind: beside.flatMap((voter) => (caughtUp.includes(voter) ? [] : [voter.id])),
  };
}
