import { readdir } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { TlsBackend } from '@org/tls-core';
import type { Dialer, Identity, Scene } from './endpoint.ts';

/** What is done with connections: opening them, sending over them, holding them. Its file in `workloads/` is named by its `id`. */
export interface Workload<Parameters extends object = object> {
  readonly id: string;
  /** Says what is done, as the caption of its table. */
  readonly about: string;
  /** What a unit is, in the singular. */
  readonly unit: string;
  readonly measures: WorkloadKind;
  /**
   * Milliseconds that are not counted of the case with which a subject begins, and of which the others have an eighth: long-lived processes are
   * compared, whose code is compiled.
   */
  readonly warmUp: number;
  readonly cases: readonly Case<Parameters>[];
  /** Does the server's part of one connection. */
  serve?(socket: Duplex, parameters: Parameters): void;
  /** Makes a server of its own, the same for all subjects, whose clients are compared. It gives the port. */
  listen?(identity: Identity, parameters: Parameters): Promise<number>;
  /** Does what is not to be measured, before the first look at memory. */
  prepare?(client: DrivingClient, parameters: Parameters): Promise<void>;
  /** Does the client's part of `amount` units. What it gives replaces the CPU of the two processes. */
  drive(client: DrivingClient, parameters: Parameters, amount: number): Promise<SideTimes | void>;
}

/**
 * What is looked at: how fast it goes, how much resident memory a unit takes, or how often V8 marks the whole heap. Only a `rate` is sampled
 * until it is long enough; the others do `least` units once.
 */
export type WorkloadKind = 'rate' | 'memory' | 'collections';

export interface Case<Parameters extends object = object> {
  readonly name: string;
  readonly scene: Scene;
  /** The least amount, with which a sample begins to look for how many units it shall have. */
  readonly least: number;
  /** True: it is measured with others' implementations too. */
  readonly withPeers?: boolean;
  /** True: it is measured once more with objects of an application beside it, which the collector has to mark. */
  readonly withHeap?: boolean;
  /** True: the server has a new identity for each connection of a sample, with an ECDSA key. */
  readonly firstContact?: boolean;
  readonly parameters: Parameters;
}

export interface DrivingClient extends Dialer {
  readonly port: number;
  /** The root as PEM. */
  readonly ca: string;
  readonly identity: Identity;
  /** Absent where the subject is none of ours. */
  readonly backend?: TlsBackend;
}

/** The microseconds that each side worked. */
export interface SideTimes {
  readonly client: number;
  readonly server: number;
}

/** Gives the names of all workloads: each file of `workloads/` is one. */
export async function workloadIds(): Promise<readonly string[]> {
  const files = await readdir(new URL('./workloads/', import.meta.url));
  return files.flatMap((file) => /^([a-z0-9-]+)\.(?:js|ts)$/.exec(file)?.[1] ?? []).toSorted();
}

/** @throws Error where there is no such file */
export async function loadWorkload(id: string): Promise<Workload> {
  const { workload } = (await import(`./workloads/${id}.ts`)) as { readonly workload: Workload };
  return workload;
}
