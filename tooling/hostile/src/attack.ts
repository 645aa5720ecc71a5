import type { ProtocolVersion, TlsBackend } from '@org/tls-core';
import type { People } from './people.ts';
import type { SubjectName } from './subject.ts';
import type { EngineMaker, Victim } from './victim.ts';

/** The surroundings of an attack. */
export interface Scene {
  readonly subject: SubjectName;
  /** The victim's backend. */
  readonly backend: TlsBackend;
  readonly version: ProtocolVersion;
  readonly people: People;
}

/** Does what one peer does to a victim, from the first byte on. */
export type Play = (victim: Victim) => void | Promise<void>;

/** An attack that is ready for one scene. */
export interface Stage {
  /** Makes a victim's engine; all engines come from one context. */
  readonly victim: EngineMaker;
  readonly attack: Play;
  /** Does a whole handshake with the same context, or with one that differs only in a hook that answers. */
  readonly honest: Play;
  /** Makes the victim of the honest handshake; default: `victim`. */
  readonly honestVictim?: EngineMaker;
}

export interface Attack {
  /** The name that stands in the table. */
  readonly name: string;
  readonly on: 'server' | 'client';
  readonly versions: readonly ProtocolVersion[];
  /** Whether the handshake is done before the attack begins: its cost then depends on its length, as that of data does. */
  readonly isOpen?: boolean;
  /** Whether the platform's library reads it in the native backend, and then does with it what it does everywhere (decision 23). */
  readonly isReadByLibrary?: boolean;
  /** The subjects that are attacked. Default: all. */
  readonly subjects?: readonly SubjectName[];
  stage(scene: Scene): Stage | Promise<Stage>;
}
