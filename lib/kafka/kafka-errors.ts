import type { KafkaAddress, QuorumAnswer } from '../ports/kafka-admin.ts';
import { errorCodes } from './messages/error-codes.ts';

/** What all errors of this folder share. `retriable`: the same call may succeed later, unchanged. */
export abstract class KafkaError extends Error {
  abstract override readonly name: string;
  abstract readonly code: `WARDEN_KAFKA_${string}`;
  abstract readonly retriable: boolean;
}

/** Nobody answered: refused, timed out, cut off or no such name. Whether a request took effect is unknown. */
export class KafkaUnreachableError extends KafkaError {
  override readonly name = 'KafkaUnreachableError';
  readonly code = 'WARDEN_KAFKA_UNREACHABLE';
  readonly retriable = true;
}

/** Kafka answered with an error code. */
export class KafkaResponseError extends KafkaError {
  override readonly name = 'KafkaResponseError';
  readonly code = 'WARDEN_KAFKA_RESPONSE';
  readonly retriable: boolean;
  /** Kafka's number of the error. */
  readonly errorCode: number;
  /** Kafka's name of the error, for example NOT_CONTROLLER. */
  readonly codeName: string;

  constructor(subject: string, errorCode: number, message: string | null = null) {
    super(`${subject} was answered with ${codeNameOf(errorCode)} (${errorCode})${message ? `: ${message}` : ''}`);
    this.errorCode = errorCode;
    this.codeName = codeNameOf(errorCode);
    this.retriable = errorCodes[String(errorCode)]?.retriable ?? false;
  }
}

/** Controllers answer, none of them leads: an election is under way, or the majority is down. */
export class KafkaNoLeaderError extends KafkaError {
  override readonly name = 'KafkaNoLeaderError';
  readonly code = 'WARDEN_KAFKA_NO_LEADER';
  readonly retriable = true;
  readonly answers: readonly QuorumAnswer[];

  constructor(answers: readonly QuorumAnswer[]) {
    const seen = answers.map(({ address, answer }) => `${addressText(address)} ${answer}`).join('; ');
    super(`no controller leads (${seen}). A majority of the controllers must run`);
    this.answers = answers;
  }
}

/** What answers is not Kafka, or breaks the protocol. */
export class KafkaProtocolError extends KafkaError {
  override readonly name = 'KafkaProtocolError';
  readonly code = 'WARDEN_KAFKA_PROTOCOL';
  readonly retriable = false;
}

/** The node's version of Kafka cannot do it. */
export class KafkaUnsupportedError extends KafkaError {
  override readonly name = 'KafkaUnsupportedError';
  readonly code = 'WARDEN_KAFKA_UNSUPPORTED';
  readonly retriable = false;
}

/** Kafka's name of an error code; codes newer than our table keep their number. */
export function codeNameOf(errorCode: number): string {
  return errorCodes[String(errorCode)]?.name ?? `UNKNOWN_ERROR_${errorCode}`;
}

/** `host:port`, IPv6 in brackets. */
export function addressText({ host, port }: KafkaAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
