import type { LeaseKind } from '../../lib/model/state.ts';
import type { ToldSilence } from '../../lib/operations/look-at-hosts.ts';
import type { VolumeFindings } from '../../lib/operations/look-at-volumes.ts';

/** What a state of a machine hands to its function. */
export interface StepPayload {
  /** Version of the payload; this code reads 1. */
  readonly v?: number;
  /** Name of the state. */
  readonly step: string;
  readonly service: string;
  readonly nodeId: number;
  readonly kind: LeaseKind;
  readonly holder: string;
  readonly serviceCreatedAt?: number;
  /** Of the machine of a replacement, to `broker`: epoch milliseconds. */
  readonly roomFoundAt?: number;
  /** Of the machine of a pause: epoch milliseconds of its word. */
  readonly pausedAt?: number;
  /** Of the machine `recover`: it was started for an adoption. */
  readonly adopt?: boolean;
  /** Of the machine `reconcile`: what its look at the volumes found. */
  readonly volumes?: VolumeFindings;
  readonly planId?: string;
  readonly stepId?: string;
  /** Of the machine `update`: the name of the phase that begins. */
  readonly phase?: string;
  readonly token?: string;
  readonly try?: string;
  /** Of a sweep that an event of a host began: since when its agent is out of touch. */
  readonly silence?: ToldSilence;
  /** Of a sweep: only these. Absent: all. */
  readonly services?: readonly string[];
}

/** The payload was made by a machine of a version that this code does not read. */
export class PayloadVersionError extends Error {
  override readonly name = 'PayloadVersion';
  readonly code = 'WARDEN_PAYLOAD_VERSION';
  readonly retriable = false;
}

/** The machine and this function disagree about the steps: one of them is of another deployment. */
export class UnknownStepError extends Error {
  override readonly name = 'UnknownStep';
  readonly code = 'WARDEN_UNKNOWN_STEP';
  readonly retriable = false;
}
