import { TlsError } from '@org/tls-core';
import { equalBytes, formatIpAddress, isDnsName, parseIpAddress } from '@org/tls-core/backend';
import type { GeneralName } from './general-name.ts';

/** The name that a peer's certificate must prove (RFC 9525 §6.2). */
export type ReferenceName =
  | { readonly kind: 'ip'; readonly address: Uint8Array; readonly text: string }
  /** A host name in lower case that consists of A-labels only and has no trailing dot. */
  | { readonly kind: 'dns'; readonly text: string };

/**
 * Reads the name or address that the caller wants to reach. A name with other characters than ASCII becomes A-labels
 * (RFC 5890 §2.3.2.1), where the platform's `URL` can do that.
 * @throws TlsError `ERR_TLS_CONFIG` when it is neither an address nor a name
 */
export function parseReferenceName(serverName: string): ReferenceName {
  const address = parseIpAddress(serverName);
  if (address !== undefined) return { kind: 'ip', address, text: serverName };
  // One trailing dot makes a name absolute and is no part of it.
  const name = serverName.endsWith('.') ? serverName.slice(0, -1) : serverName;
  const text = toAscii(name)?.toLowerCase();
  if (text === undefined || !isDnsName(text) || isNumeric(text)) {
    throw new TlsError(
      'ERR_TLS_CONFIG',
      `serverName: ${JSON.stringify(serverName)} is neither a host name nor an IP address`,
      {
        option: 'serverName',
      },
    );
  }
  return { kind: 'dns', text };
}

/** Tells whether one of the names is the reference name (RFC 9525 §6.3). Only an iPAddress ever proves an address. */
export function matchesAny(names: readonly GeneralName[], reference: ReferenceName): boolean {
  return names.some((name) => {
    if (name.kind === 'ip') return reference.kind === 'ip' && equalBytes(name.address, reference.address);
    return name.kind === 'dns' && reference.kind === 'dns' && matchesDnsName(name.name, reference.text);
  });
}

/**
 * Compares names as RFC 9525 §6.3 does: the labels must be the same but for case, where `*` stands for exactly one label. It must be the
 * whole left-most label, and never stands directly under a top-level domain.
 * @param reference as `parseReferenceName` gives it
 */
export function matchesDnsName(presented: string, reference: string): boolean {
  const pattern = presented.toLowerCase();
  if (!pattern.startsWith('*.')) return pattern === reference && isDnsName(pattern);
  const suffix = pattern.slice(1);
  const dot = reference.indexOf('.');
  return dot > 0 && reference.slice(dot) === suffix && isDnsName(suffix.slice(1)) && suffix.includes('.', 1);
}

/** Tells whether a dNSName is well formed, which means that it is a host name, or `*.` and a host name. */
export function isDnsPattern(name: string): boolean {
  return isDnsName(name.startsWith('*.') ? name.slice(2) : name);
}

/** Gives the host names and addresses of a certificate as text. */
export function namesAsText(names: readonly GeneralName[]): readonly string[] {
  return names.flatMap((name) => {
    if (name.kind === 'dns') return [name.name];
    return name.kind === 'ip' ? [formatIpAddress(name.address)] : [];
  });
}

/** Tells whether a name looks like an address and is none, as 127.1 and 1.2.3.4.5 do; other software would read it as one. */
function isNumeric(name: string): boolean {
  return /(?:^|\.)(?:\d+|0x[\da-f]*)$/u.test(name);
}

function toAscii(name: string): string | undefined {
  if (/^[\u0021-\u007e]*$/u.test(name)) return name;
  // Only letters, marks, digits, symbols, hyphens and dots are let through: `URL` would read anything else as other parts of a URL.
  if (!/^[\p{L}\p{M}\p{N}\p{So}.-]+$/u.test(name) || typeof URL === 'undefined') return undefined;
  try {
    return new URL(`https://${name}`).hostname;
  } catch {
    return undefined;
  }
}
