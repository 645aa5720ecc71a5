import { isTlsError, type PeerInfo } from '@org/tls-core';
import { cachedCertificate } from '@org/x509';
import type { SessionState } from './session-state.ts';

/** RFC 8446 §4.6.1: a ticket lives seven days at most. */
export const maxLifetimeSeconds = 604_800;

/** What says when a session that is made now is over. */
export interface LifetimeLimits {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** As the configuration or the ticket says, from the time at which the peers proved who they are. */
  readonly lifetimeSeconds: number;
  /** What the connection was authenticated by: the peer, and the session that it resumed. */
  readonly peer: PeerInfo | undefined;
  readonly resumed: SessionState | undefined;
}

/**
 * When the peers proved who they are other than by a session, and how long a new session lasts from now. Sessions that follow each other end
 * with the first (RFC 8446 §4.6.1), and none outlives the certificates that it stands for.
 * @returns whole seconds, 0 when it is over
 */
export function lifetimeOf({ now, lifetimeSeconds, peer, resumed }: LifetimeLimits) {
  const authenticatedAt = resumed?.authenticatedAt ?? now;
  const end = Math.min(authenticatedAt + lifetimeSeconds * 1000, certificatesEnd(peer));
  return { authenticatedAt, lifetimeSeconds: Math.max(0, Math.floor((end - now) / 1000)) };
}

/** It was made before now, and neither it nor what it stands for is over. */
export function isCurrent(session: SessionState, now: number): boolean {
  const { createdAt, lifetimeSeconds, peer } = session;
  return createdAt <= now && now < Math.min(createdAt + lifetimeSeconds * 1000, certificatesEnd(peer));
}

/**
 * When the first of the certificates that the peer was verified by is over. A trust anchor is left out: its end is no part of what a path
 * proves (RFC 5280 §6.1.1 (d)), and whoever takes it out of the configuration ends the session by that. Without a path nothing was verified.
 * One that cannot be read, of a session that was damaged, counts as over.
 */
function certificatesEnd(peer: PeerInfo | undefined): number {
  const path = peer?.verifiedPath ?? [];
  let end = Number.POSITIVE_INFINITY;
  try {
    for (const [index, der] of path.entries()) {
      const isAnchor = index > 0 && index === path.length - 1;
      if (!isAnchor) end = Math.min(end, cachedCertificate(der).notAfter);
    }
    return end;
  } catch (error) {
    if (isTlsError(error)) return 0;
    throw error;
  }
}
