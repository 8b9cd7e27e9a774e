import type { KafkaAddress } from '../../ports/kafka-admin.ts';
import { addressText, KafkaProtocolError, KafkaUnsupportedError } from '../kafka-errors.ts';
import { messageDefinitions } from '../messages/message-definitions.ts';
import type { ApiName, Messages } from '../messages/message-types.ts';
import { type Channel, type ChannelOptions, openChannel } from './channel.ts';
import { decodeMessage } from './decode-message.ts';
import { encodeMessage } from './encode-message.ts';
import { MalformedMessageError } from './malformed-message-error.ts';
import { isWithin } from './message-definition.ts';
import { encodeRequestFrame, skipHeaderTags } from './message-headers.ts';

/** Limits of one connection, and the name that the node logs for us. */
export interface ConnectionOptions extends ChannelOptions {
  readonly clientId: string;
}

type Request<Api extends ApiName> = Messages[Api]['request'];
type Response<Api extends ApiName> = Messages[Api]['response'];
type ApiVersions = Response<'ApiVersions'>;

/** An open connection to one node. It ends for good with its first error; each later request fails with that error. */
export interface KafkaConnection {
  readonly address: KafkaAddress;
  /** What the node said of itself when the connection was opened. */
  readonly apiVersions: ApiVersions;
  /** The version in which `call` sends this request, undefined when the node does not know the request. */
  readonly versionOf: (api: ApiName) => number | undefined;
  /**
   * Sends a request in the highest version that both sides know. Error codes inside the answer are the caller's.
   * @throws KafkaUnreachableError, KafkaProtocolError, KafkaUnsupportedError
   */
  readonly call: <Api extends ApiName>(api: Api, request: Request<Api>) => Promise<Response<Api>>;
  /** Idempotent. */
  readonly close: () => void;
}

const unsupportedVersion = 35;

/**
 * Connects and agrees on versions.
 * @throws KafkaUnreachableError, KafkaProtocolError; nothing stays open then.
 */
export async function openConnection(address: KafkaAddress, options: ConnectionOptions): Promise<KafkaConnection> {
  const channel = openChannel(address, options);
  const link = { channel, clientId: options.clientId };
  try {
    await channel.connected;
    const apiVersions = await negotiate(link);
    return connectionOver(link, { address, apiVersions });
  } catch (error) {
    channel.close();
    throw error;
  }
}

interface Link {
  readonly channel: Channel;
  readonly clientId: string;
}

function connectionOver(link: Link, node: Pick<KafkaConnection, 'address' | 'apiVersions'>): KafkaConnection {
  const versionOf = (api: ApiName): number | undefined => commonVersion(api, node.apiVersions);
  const call = async <Api extends ApiName>(api: Api, request: Request<Api>): Promise<Response<Api>> => {
    const version = versionOf(api);
    if (version !== undefined) return exchange(link, { api, version, request });
    throw new KafkaUnsupportedError(
      `${addressText(node.address)} does not know the request ${api}: ask a node of the other role or of a newer Kafka`,
    );
  };
  return { ...node, versionOf, call, close: link.channel.close };
}

function commonVersion(api: ApiName, { apiKeys }: ApiVersions): number | undefined {
  const { apiKey, request } = messageDefinitions[api];
  const theirs = apiKeys.find((candidate) => candidate.apiKey === apiKey);
  if (theirs === undefined) return undefined;
  const version = Math.min(theirs.maxVersion, request.versions[1]);
  return version >= Math.max(theirs.minVersion, request.versions[0]) ? version : undefined;
}

/** A node that does not know our version of ApiVersions answers in version 0, with the versions that it knows. */
async function negotiate(link: Link): Promise<ApiVersions> {
  const request = { clientSoftwareName: 'warden', clientSoftwareVersion: '1' };
  const [, newest] = messageDefinitions.ApiVersions.request.versions;
  const first = await exchange(link, { api: 'ApiVersions', version: newest, request });
  if (first.errorCode === 0) return first;
  const version = commonVersion('ApiVersions', first);
  if (first.errorCode !== unsupportedVersion || version === undefined) throw refusedVersions(link, first.errorCode);
  const second = await exchange(link, { api: 'ApiVersions', version, request });
  if (second.errorCode !== 0) throw refusedVersions(link, second.errorCode);
  return second;
}

function refusedVersions({ channel }: Link, errorCode: number): KafkaProtocolError {
  return new KafkaProtocolError(
    `${channel.name} and this client share no version of ApiVersions: it answered with error ${errorCode}`,
  );
}

interface Exchange<Api extends ApiName> {
  readonly api: Api;
  readonly version: number;
  readonly request: Request<Api>;
}

async function exchange<Api extends ApiName>(link: Link, asked: Exchange<Api>): Promise<Response<Api>> {
  const body = encodeRequest(link, asked);
  const { apiKey, request } = messageDefinitions[asked.api];
  const flexible = isWithin(request.flexible, asked.version);
  const answer = await link.channel.send({
    subject: asked.api,
    toFrame: (correlationId) =>
      encodeRequestFrame({ apiKey, version: asked.version, correlationId, clientId: link.clientId, flexible, body }),
  });
  return decodeAnswer(link, asked, answer);
}

function encodeRequest<Api extends ApiName>({ channel }: Link, { api, version, request }: Exchange<Api>): Buffer {
  try {
    return encodeMessage(messageDefinitions[api].request, version, request);
  } catch (cause) {
    if (!(cause instanceof MalformedMessageError)) throw cause;
    throw new KafkaUnsupportedError(`${api} cannot be asked of ${channel.name}: ${cause.message}`, { cause });
  }
}

function decodeAnswer<Api extends ApiName>(link: Link, asked: Exchange<Api>, answer: Buffer): Response<Api> {
  const { api } = asked;
  const version = api === 'ApiVersions' && isUnsupported(answer) ? 0 : asked.version;
  const { response } = messageDefinitions[api];
  // ApiVersions is answered without tags in its header, so that a client of any age can read it.
  const isTagged = api !== 'ApiVersions' && isWithin(response.flexible, version);
  try {
    // Layout and type are generated from the same definition.
    return decodeMessage(response, version, isTagged ? skipHeaderTags(answer) : answer) as Response<Api>;
  } catch (cause) {
    if (!(cause instanceof MalformedMessageError)) throw cause;
    const error = new KafkaProtocolError(
      `${link.channel.name} answered ${api} version ${version} with other bytes: ${cause.message}`,
      { cause },
    );
    link.channel.fail(error);
    throw error;
  }
}

/** The error code is the first member in every version. */
function isUnsupported(answer: Buffer): boolean {
  return answer.length >= 2 && answer.readInt16BE(0) === unsupportedVersion;
}
