import { badValue, isDnsName, parseIpAddress } from '@org/tls-core/backend';

/** A host as it stands in a URL, without brackets, and a port. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

type Matches = (target: HostAndPort) => boolean;

/**
 * Reads which hosts are reached without a proxy, by the rules of Go's `golang.org/x/net/http/httpproxy`: `*`, a name with all names below it, a
 * name with a leading `.` or `*.` for the names below it only, an IP address, a network in CIDR notation; each but the first and the last with a
 * port if need be. Entries are separated by commas or spaces.
 * @throws TlsError `ERR_TLS_CONFIG` on an entry that is none of these
 */
export function readNoProxy(text: string, variable: string): Matches {
  const entries = text.split(/[,\s]+/u).filter((entry) => entry !== '');
  const matchers = entries.map((entry) => readEntry(entry.toLowerCase(), variable));
  return (target) => {
    const named = { ...target, host: withoutDot(target.host.toLowerCase()) };
    return matchers.some((matches) => matches(named));
  };
}

/** Whether a host is this machine: `localhost` and the names below it (RFC 6761 §6.3), 127.0.0.0/8 and ::1. */
export function isLoopback(host: string): boolean {
  const address = addressOf(host);
  if (address !== undefined) return address.length === 4 ? address[0] === 127 : equal(address, ipv6Loopback, 128);
  return /^(?:.+\.)?localhost\.?$/iu.test(host);
}

function readEntry(entry: string, variable: string): Matches {
  if (entry === '*') return () => true;
  const matches = entry.includes('/') ? readNetwork(entry) : (readAddress(entry) ?? readName(entry));
  if (matches !== undefined) return matches;
  throw badValue(
    variable,
    `expected *, host names, .suffixes, IP addresses and networks like 10.0.0.0/8, each name or address with :port if need be, got ${JSON.stringify(entry)}`,
  );
}

function readNetwork(entry: string): Matches | undefined {
  const [, text = '', bits = ''] = /^(.*)\/(\d{1,3})$/u.exec(entry) ?? [];
  const network = parseIpAddress(text);
  if (network === undefined || Number(bits) > network.length * 8) return undefined;
  const base = unmapped(network);
  const length = Number(bits) - (network.length - base.length) * 8;
  // A network that is wider than all mapped addresses is one of IPv6.
  if (length < 0) return ({ host }) => matchesNetwork(host, network, Number(bits));
  return ({ host }) => matchesNetwork(host, base, length);
}

function matchesNetwork(host: string, network: Uint8Array, bits: number): boolean {
  const address = addressOf(host);
  return address !== undefined && equal(address, network, bits);
}

function readAddress(entry: string): Matches | undefined {
  const [, bracketed, name, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/u.exec(entry) ?? [];
  const address = addressOf(bracketed ?? name ?? entry);
  if (address === undefined || !isPort(port)) return undefined;
  return (target) => {
    const other = addressOf(target.host);
    return other !== undefined && equal(other, address, address.length * 8) && isSamePort(target, port);
  };
}

function readName(entry: string): Matches | undefined {
  const [, below, given = '', port] = /^(\*?\.)?([^:]*)(?::(\d+))?$/u.exec(entry) ?? [];
  const name = asciiName(withoutDot(given));
  if (name === undefined || !isPort(port)) return undefined;
  return (target) => {
    const isMatch = target.host.endsWith(`.${name}`) || (below === undefined && target.host === name);
    return isMatch && isSamePort(target, port);
  };
}

/** A name as it stands in URLs; `undefined` for what is none, an address in a form of the URL standard's own among it. */
function asciiName(name: string): string | undefined {
  if (!/^[^\s/\\?#@:]+$/u.test(name) || !URL.canParse(`http://${name}`)) return undefined;
  const { hostname } = new URL(`http://${name}`);
  return isDnsName(hostname) && addressOf(hostname) === undefined ? hostname : undefined;
}

function isPort(port: string | undefined): boolean {
  return port === undefined || (Number(port) > 0 && Number(port) <= 65_535);
}

function isSamePort(target: HostAndPort, port: string | undefined): boolean {
  return port === undefined || target.port === Number(port);
}

function withoutDot(name: string): string {
  return name.replace(/\.$/u, '');
}

function addressOf(host: string): Uint8Array | undefined {
  const address = parseIpAddress(host);
  return address && unmapped(address);
}

/** RFC 4291 §2.5.5.2: an IPv4 address that is written as one of IPv6 is the same host. */
function unmapped(address: Uint8Array): Uint8Array {
  return address.length === 16 && equal(address, mappedPrefix, 96) ? address.subarray(12) : address;
}

/** Whether two addresses are of one family and begin with the same bits. */
function equal(one: Uint8Array, other: Uint8Array, bits: number): boolean {
  if (one.length !== other.length) return false;
  return one.every((byte, index) => {
    const ofByte = Math.min(Math.max(bits - index * 8, 0), 8);
    const mask = (0xff00 >> ofByte) & 0xff;
    return (byte & mask) === ((other[index] ?? 0) & mask);
  });
}

const ipv6Loopback = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
const mappedPrefix = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0);
