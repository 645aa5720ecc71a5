/** The protocol versions this interface speaks of (RFC 5246, RFC 8446), as Node spells them. */
export type ProtocolVersion = 'TLSv1.2' | 'TLSv1.3';

export const protocolVersions = ['TLSv1.2', 'TLSv1.3'] as const satisfies readonly ProtocolVersion[];
