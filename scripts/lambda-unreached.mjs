/**
 * Stands in for parts of the SDK that no function reaches, in bundles of functions: event streams, which none of our
 * calls has, the cache of discovered endpoints of DynamoDB, which looks for none unless it is told to, and hashes in
 * JavaScript for a Node without `node:crypto`. Were one reached after all, its call would end with this sentence.
 */
const unreached = (/** @type {string} */ part) =>
  new Error(`${part} of the AWS SDK is left out of bundles of functions`);

export class EventStreamSerde {
  constructor() {
    throw unreached('EventStreamSerde');
  }
}

export const eventStreamSerdeProvider = () => {
  throw unreached('eventStreamSerdeProvider');
};

/** A client that knows of event streams is made with this; only its calls with such a stream would use what it adds. */
export const resolveEventStreamSerdeConfig = (/** @type {object} */ config) => config;

export class EndpointCache {
  get() {
    throw unreached('EndpointCache');
  }

  getEndpoint() {
    throw unreached('EndpointCache');
  }

  has() {
    throw unreached('EndpointCache');
  }

  set() {
    throw unreached('EndpointCache');
  }
}

export class Sha256Js {
  constructor() {
    throw unreached('Sha256Js');
  }
}

export class Md5Js {
  constructor() {
    throw unreached('Md5Js');
  }
}
