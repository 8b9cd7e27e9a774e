import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Looks up the names of a VPC's private zones in the file of its resolver, read anew each time, and all others where
 * this machine does. Everything in Node that connects by a name comes through these two functions.
 */
export function resolveNames(file) {
  const lookup = dns.lookup;
  const promised = dns.promises.lookup;
  dns.lookup = (hostname, ...rest) => {
    const addresses = find(file, hostname);
    if (addresses === undefined) return lookup(hostname, ...rest);
    const callback = rest.at(-1);
    const options = rest.length > 1 ? rest[0] : {};
    process.nextTick(() => answer(hostname, addresses, optionsOf(options), callback));
    return {};
  };
  dns.promises.lookup = async (hostname, options) => {
    const addresses = find(file, hostname);
    if (addresses === undefined) return promised(hostname, options);
    const wanted = optionsOf(options ?? {});
    return new Promise((resolve, reject) => {
      answer(hostname, addresses, wanted, (error, address, family) => {
        if (error !== null) reject(error);
        else resolve(wanted.all === true ? address : { address, family });
      });
    });
  };
  syncBuiltinESMExports();
}

function optionsOf(options) {
  return typeof options === 'number' ? { family: options } : options;
}

/** The zones hold addresses of IPv4 only. */
function answer(hostname, addresses, { all, family }, callback) {
  const found = family === 6 || family === 'IPv6' ? [] : addresses;
  if (found.length === 0) callback(notFound(hostname));
  else if (all === true)
    callback(
      null,
      found.map((address) => ({ address, family: 4 })),
    );
  else callback(null, found[0], 4);
}

function notFound(hostname) {
  const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
  return Object.assign(error, { errno: -3008, code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname });
}

/** The addresses of a name in a zone, none when there is no such record; undefined for a name outside of the zones. */
function find(file, hostname) {
  const name = String(hostname).toLowerCase().replace(/\.$/, '');
  const lines = linesOf(file);
  const zones = lines.filter((line) => line.startsWith('# zone ')).map((line) => line.slice('# zone '.length));
  if (!zones.some((zone) => name === zone || name.endsWith(`.${zone}`))) return undefined;
  return lines.filter((line) => line.endsWith(` ${name}`) && !line.startsWith('#')).map((line) => line.split(' ')[0]);
}

function linesOf(file) {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    // The VPC has no private zone.
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
