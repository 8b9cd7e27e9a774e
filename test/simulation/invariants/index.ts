import type { Scene } from '../run/scene.ts';
import { aDeactivatedNodeWaits } from './a-deactivated-node-waits.ts';
import { aHostEndsOnlyWhenSomebodyDecided } from './a-host-ends-only-when-somebody-decided.ts';
import { aLeaseIsTakenOnlyFromTheDead } from './a-lease-is-taken-only-from-the-dead.ts';
import { aPlanStopsOnlyWhatAStartChanges } from './a-plan-stops-only-what-a-start-changes.ts';
import { aRecoveryStopsOnlyWhoIsCutOff } from './a-recovery-stops-only-who-is-cut-off.ts';
import { aRegistrationIsReleasedOnlyAfterAProvenStop } from './a-registration-is-released-only-after-a-proven-stop.ts';
import { aRollBackSaysWhy } from './a-roll-back-says-why.ts';
import { aStopKeepsPartitionsAvailable } from './a-stop-keeps-partitions-available.ts';
import { aVolumeBelongsToOneNode } from './a-volume-belongs-to-one-node.ts';
import { aVolumeIsGivenUpOnlyByAWish } from './a-volume-is-given-up-only-by-a-wish.ts';
import { aVolumeIsNeverTakenFromAProcess } from './a-volume-is-never-taken-from-a-process.ts';
import { aWaitEndsWithoutTheSweep } from './a-wait-ends-without-the-sweep.ts';
import { anEndedStepStaysEnded } from './an-ended-step-stays-ended.ts';
import { anUninstallLeavesNothing } from './an-uninstall-leaves-nothing.ts';
import { anUpdateCanGoBack } from './an-update-can-go-back.ts';
import { atRestEveryNodeRunsTheTarget } from './at-rest-every-node-runs-the-target.ts';
import { automaticReplacementsKeepTheirPace } from './automatic-replacements.ts';
import { everyVolumeHasItsNode } from './every-volume-has-its-node.ts';
import type { Invariant } from './invariant.ts';
import { kafkaKeepsItsPromises } from './kafka-keeps-its-promises.ts';
import { lostEventsAreTakenUp } from './lost-events-are-taken-up.ts';
import { noDefectOfTheMachinery } from './no-defect-of-the-machinery.ts';
import { noPlanFailsForItsPace } from './no-plan-fails-for-its-pace.ts';
import { noStepBeginsAgainstAnOperator } from './no-step-begins-against-an-operator.ts';
import { oneLiveProcessPerNode } from './one-live-process-per-node.ts';
import { oneNodeIsDownByOurHand } from './one-node-is-down-by-our-hand.ts';
import { onlyTheHolderWritesAGoal } from './only-the-holder-writes-a-goal.ts';
import { storedVersionsNeverGoBack } from './stored-versions-never-go-back.ts';
import { theActiveControllerComesLast } from './the-active-controller-comes-last.ts';
import { theFailoverDelayDoubles } from './the-failover-delay-doubles.ts';
import { whatWasAcceptedIsDone } from './what-was-accepted-is-done.ts';
import { whoHibernatesSleeps } from './who-hibernates-sleeps.ts';
import { wordsAboutNodesAreDone } from './words-about-nodes.ts';

/** All rules, watching one scene. */
export function watchAll(scene: Scene): readonly Invariant[] {
  const { world } = scene;
  return [
    oneLiveProcessPerNode(world),
    storedVersionsNeverGoBack(world),
    aVolumeBelongsToOneNode(world),
    aVolumeIsNeverTakenFromAProcess(world),
    aVolumeIsGivenUpOnlyByAWish(world),
    automaticReplacementsKeepTheirPace(world),
    aLeaseIsTakenOnlyFromTheDead(world),
    aStopKeepsPartitionsAvailable(world),
    oneNodeIsDownByOurHand(world),
    aPlanStopsOnlyWhatAStartChanges(world),
    aRecoveryStopsOnlyWhoIsCutOff(world),
    theActiveControllerComesLast(world),
    noStepBeginsAgainstAnOperator(world),
    aRollBackSaysWhy(world),
    anUpdateCanGoBack(world),
    onlyTheHolderWritesAGoal(world),
    anEndedStepStaysEnded(world),
    aHostEndsOnlyWhenSomebodyDecided(world),
    aRegistrationIsReleasedOnlyAfterAProvenStop(world),
    theFailoverDelayDoubles(world),
    aDeactivatedNodeWaits(world),
    aWaitEndsWithoutTheSweep(world),
    noPlanFailsForItsPace(world),
    kafkaKeepsItsPromises(world),
    lostEventsAreTakenUp(world),
    noDefectOfTheMachinery(world),
    wordsAboutNodesAreDone(world),
    whoHibernatesSleeps(world),
    whatWasAcceptedIsDone(scene),
    anUninstallLeavesNothing(scene),
    everyVolumeHasItsNode(scene),
    atRestEveryNodeRunsTheTarget(scene),
  ];
}
