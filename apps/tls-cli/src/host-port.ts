import { UsageError } from './exit-code.ts';

export interface HostPort {
  /** A host name, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`.
 * @throws UsageError when it is none of these, or when the port is missing and there is no default
 */
export function parseHostPort(text: string, defaultPort?: number): HostPort {
  const match = /^(?:\[(?<address>[0-9a-f:.%]+)\]|(?<name>[^\s:/[\]]+))(?::(?<port>\d{1,5}))?$/i.exec(text)?.groups;
  const host = match?.['address'] ?? match?.['name'];
  if (host === undefined) throw new UsageError(`expected HOST:PORT, got ${text}`);
  const port = match?.['port'] === undefined ? defaultPort : Number(match['port']);
  if (port === undefined || port < 1 || port > 65_535)
    throw new UsageError(`expected HOST:PORT with a port from 1 to 65535, got ${text}`);
  return { host, port };
}
