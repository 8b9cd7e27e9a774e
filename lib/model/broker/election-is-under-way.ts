/** Kafka's word of a controller that lives and does not lead. */
const followerSays = 'NOT_LEADER_OR_FOLLOWER';

/**
 * Whether a quorum without a leader has one in a moment: more than half of its controllers live. `answers`: what each
 * controller of the service said when it was asked whether it leads, and of those that were not reached why.
 */
export function electionIsUnderWay(answers: readonly string[]): boolean {
  return answers.filter((answer) => answer === followerSays).length > answers.length / 2;
}
