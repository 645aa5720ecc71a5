import {
  isTlsError,
  type ClientEngineOptions,
  type EngineSink,
  type ProtocolVersion,
  type ServerConfig,
  type TlsBackend,
  type TlsEngine,
  type TlsSession,
} from '@org/tls-core';
import { nodeCrypto } from '@org/tls-crypto/node';
import { misbehavingBackend, type HandshakeOverrides } from '@org/tls-pure/misbehaving';
import type { Random } from '../random.ts';
import type { Damage } from './damage.ts';
import type { Scenario } from './scenario.ts';
import type { SubjectName } from './subject.ts';
import { WatchedEngine } from './watched-engine.ts';

export type Role = 'client' | 'server';

/** One kind of connection between a victim and a misbehaving peer. Its contexts are made once. */
export class Stage {
  readonly name: string;
  readonly subject: SubjectName;
  readonly scenario: Scenario;
  readonly role: Role;
  readonly #makeVictim: (sink: EngineSink) => TlsEngine;
  readonly #makePeer: (sink: EngineSink) => TlsEngine;
  /** How the peer of the next connection misbehaves; `undefined` where it does not. */
  damage: Damage | undefined;
  /** The source of the peer's keys. */
  random: Random | undefined;
  /** The session that the client resumes, whichever side that is. */
  session: TlsSession | undefined;
  /** The microseconds of CPU that an honest connection took. */
  honestCpu = 0;

  private constructor(parts: StageParts) {
    const { scenario, version, role, subject, backend } = parts;
    this.name = `${subject} ${role}, ${version}, ${scenario.name}`;
    this.subject = subject;
    this.scenario = scenario;
    this.role = role;
    const misbehaving = misbehavingBackend(this.#overrides(), { crypto: nodeCrypto });
    const random = (into: Uint8Array): void => {
      into.set(this.random?.bytes(into.length) ?? nodeRandom(into.length));
    };
    const only = { minVersion: version, maxVersion: version };
    const server = scenario.server as ServerConfig;
    const engineOptions = (): ClientEngineOptions => ({
      serverName: 'localhost',
      ...scenario.engine,
      ...(this.session === undefined ? {} : { session: this.session }),
    });
    if (role === 'server') {
      const victim = backend.createServerContext(server);
      const peer = misbehaving.createClientContext({ ...scenario.client, ...only, random });
      this.#makeVictim = (sink) => victim.createEngine(sink);
      this.#makePeer = (sink) => peer.createEngine(engineOptions(), sink);
    } else {
      const victim = backend.createClientContext(scenario.client);
      const peer = misbehaving.createServerContext({ ...server, ...only, random });
      this.#makeVictim = (sink) => victim.createEngine(engineOptions(), sink);
      this.#makePeer = (sink) => peer.createEngine(sink);
    }
  }

  /** @returns `undefined` when the victim's backend does not have all of the options */
  static make(parts: StageParts): Stage | undefined {
    try {
      const stage = new Stage(parts);
      // A client's engine has options of its own.
      new WatchedEngine((sink) => stage.makeVictim(sink)).destroy();
      return stage;
    } catch (error) {
      if (isTlsError(error) && error.code === 'ERR_TLS_UNSUPPORTED') return undefined;
      throw error;
    }
  }

  makeVictim(sink: EngineSink): TlsEngine {
    return this.#makeVictim(sink);
  }

  makePeer(sink: EngineSink): TlsEngine {
    return this.#makePeer(sink);
  }

  #overrides(): HandshakeOverrides {
    return {
      shapeExtensions: (carrier, list) => this.damage?.extensions(carrier, list) ?? list,
      shapeMessage: (message) => this.damage?.message(message) ?? [message],
      shapeContent: (content) => this.damage?.content(content) ?? [content],
    };
  }
}

export interface StageParts {
  readonly scenario: Scenario;
  readonly version: ProtocolVersion;
  /** The victim's role. */
  readonly role: Role;
  readonly subject: SubjectName;
  readonly backend: TlsBackend;
}

function nodeRandom(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  nodeCrypto.randomFill(bytes);
  return bytes;
}
