import { readdir } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { Dialer, Scene } from './endpoint.ts';

/** What is done at one rate or another: connections, MiB, round trips. Its file in `workloads/` is named by its `id`. */
export interface Workload<Parameters extends object = object> {
  readonly id: string;
  /** Says what is done, as the caption of its table. */
  readonly about: string;
  /** What a unit is, in the singular. */
  readonly unit: string;
  /** Milliseconds of the first case that are not counted: long-lived processes are compared, whose code is compiled. */
  readonly warmUp: number;
  readonly cases: readonly Case<Parameters>[];
  /** Does the server's part of one connection. */
  serve(socket: Duplex, parameters: Parameters): void;
  /** Does the client's part of `amount` units. */
  drive(client: DrivingClient, parameters: Parameters, amount: number): Promise<void>;
}

export interface Case<Parameters extends object = object> {
  readonly name: string;
  readonly scene: Scene;
  /** The least amount, with which a sample begins to look for how many units it shall have. */
  readonly least: number;
  /** True: the server has a new identity for each connection of a sample. */
  readonly firstContact?: boolean;
  readonly parameters: Parameters;
}

export interface DrivingClient extends Dialer {
  readonly port: number;
}

/** Gives the names of all workloads: each file of `workloads/` is one. */
export async function workloadIds(): Promise<readonly string[]> {
  const files = await readdir(new URL('./workloads/', import.meta.url));
  return files.flatMap((file) => /^([a-z0-9-]+)\.(?:js|ts)$/.exec(file)?.[1] ?? []).toSorted();
}

/** @throws Error where there is no such file */
export async function loadWorkload(id: string): Promise<Workload> {
  const { workload } = (await import(`./workloads/${id}.js`)) as { readonly workload: Workload };
  return workload;
}
