import type { ProtocolVersion, TlsBackend } from '@org/tls-core';
import type { People } from './people.ts';
import type { SubjectName } from './subject.ts';
import type { EngineMaker, Victim } from './victim.ts';

/** Where an attack is played. */
export interface Scene {
  readonly subject: SubjectName;
  /** The victim's. */
  readonly backend: TlsBackend;
  readonly version: ProtocolVersion;
  readonly people: People;
}

/** What one peer does to a victim, from the first byte on. */
export type Play = (victim: Victim) => void | Promise<void>;

/** An attack made ready for one scene. */
export interface Stage {
  /** Makes a victim's engine; all are of one context. */
  readonly victim: EngineMaker;
  readonly attack: Play;
  /** A whole handshake with the same context, or one that differs in nothing but a hook that answers. */
  readonly honest: Play;
  /** Default: `victim`. */
  readonly honestVictim?: EngineMaker;
}

export interface Attack {
  /** As it stands in the table. */
  readonly name: string;
  readonly on: 'server' | 'client';
  readonly versions: readonly ProtocolVersion[];
  /** The handshake is done before it begins: what it costs is a matter of its length, as data is. */
  readonly isOpen?: boolean;
  /** Default: all. */
  readonly subjects?: readonly SubjectName[];
  stage(scene: Scene): Stage | Promise<Stage>;
}
