import type { BackendCapabilities, ProtocolVersion, RoleCapabilities, TlsBackend } from '@org/tls-core';
import { createBackend } from '@org/tls-native';

/**
 * The one version that Wine speaks in this process: it heeds no limits from where it knows TLS 1.3, and does not know it from where it
 * heeds them.
 */
export const wineProtocol = process.env['WINE_PROTOCOL'] as ProtocolVersion;

/** SChannel without what Wine's has not: asked for keying material, it jumps to nowhere. */
export function wineBackend(): TlsBackend {
  const backend = createBackend();
  const { client, server } = backend.capabilities;
  const capabilities: BackendCapabilities = { client: asInWine(client), server: asInWine(server) };
  return Object.freeze({ ...backend, capabilities });
}

function asInWine(role: RoleCapabilities): RoleCapabilities {
  return { ...role, protocols: [wineProtocol], features: { ...role.features, exporter: false } };
}
