/** Bytes that are no message of the expected layout, or a value that no message can carry. The connection turns it into a KafkaProtocolError. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}
