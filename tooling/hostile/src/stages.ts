import type { ClientConfig, ClientEngineOptions, ProtocolVersion, ServerConfig } from '@org/tls-core';
import { nodeCrypto } from '@org/tls-crypto/node';
import { misbehavingBackend, type HandshakeOverrides } from '@org/tls-pure/misbehaving';
import type { Play, Scene, Stage } from './attack.ts';
import { converse, Peer } from './converse.ts';
import type { EngineMaker } from './victim.ts';

/**
 * x25519 is the cheapest key exchange, so that the honest handshake with which attacks are compared is cheap. P-256 is the
 * curve of the certificates.
 */
const groups = ['x25519', 'secp256r1'] as const;

/** Makes a server of this scene that is under attack. */
export function serverStage(
  scene: Scene,
  attack: Play,
  server: Partial<ServerConfig> = {},
  client: ClientConfig = {},
): Stage {
  const context = scene.backend.createServerContext({ identity: scene.people.server, groups, ...server });
  const honest = hostileClient(scene, {}, client);
  return {
    victim: (sink) => context.createEngine(sink),
    attack,
    honest: (victim) => converse(victim, new Peer(honest)),
  };
}

/** Makes a client of this scene that dials a hostile server. */
export function clientStage(
  scene: Scene,
  attack: Play,
  client: ClientConfig = {},
  server: Partial<ServerConfig> = {},
): Stage {
  const context = scene.backend.createClientContext({ trust: scene.people.rootPem, groups, ...client });
  const honest = hostileServer(scene, {}, server);
  return {
    victim: (sink) => context.createEngine({ serverName: 'localhost' }, sink),
    attack,
    honest: (victim) => converse(victim, new Peer(honest)),
  };
}

/** Makes clients of our own that do what `overrides` say; without any they are honest. */
export function hostileClient(
  scene: Scene,
  overrides: HandshakeOverrides,
  config: ClientConfig = {},
  options: Partial<ClientEngineOptions> = {},
): EngineMaker {
  const context = misbehavingBackend(overrides, { crypto: nodeCrypto }).createClientContext({
    trust: scene.people.rootPem,
    groups,
    ...only(scene.version),
    ...config,
  });
  return (sink) => context.createEngine({ serverName: 'localhost', ...options }, sink);
}

/** Makes servers of our own that do what `overrides` say. */
export function hostileServer(
  scene: Scene,
  overrides: HandshakeOverrides,
  config: Partial<ServerConfig> = {},
): EngineMaker {
  const context = misbehavingBackend(overrides, { crypto: nodeCrypto }).createServerContext({
    identity: scene.people.server,
    groups,
    ...only(scene.version),
    ...config,
  });
  return (sink) => context.createEngine(sink);
}

function only(version: ProtocolVersion): Pick<ClientConfig, 'minVersion' | 'maxVersion'> {
  return { minVersion: version, maxVersion: version };
}
