import { readFileSync } from 'node:fs';
import { sharedData } from '@org/pki';
import { decodePem } from '@org/tls-core/backend';

/** One case of C2SP/x509-limbo, as far as it is used here. */
export interface LimboCase {
  readonly id: string;
  readonly importance: string;
  readonly validation_kind: 'SERVER' | 'CLIENT';
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly validation_time: string | null;
  readonly expected_result: 'SUCCESS' | 'FAILURE';
  readonly expected_peer_name: { readonly kind: string; readonly value: string } | null;
  readonly crls: readonly string[];
  readonly max_chain_depth: number | null;
}

/** Test data that lies beside the repository. */
export function readTestData(path: string): unknown {
  return JSON.parse(readFileSync(sharedData(path), 'utf8'));
}

export function limboCases(): readonly LimboCase[] {
  return (readTestData('x509-limbo/limbo.json') as { readonly testcases: readonly LimboCase[] }).testcases;
}

/** The one certificate of a PEM text. */
export function derOf(pem: string): Uint8Array {
  const [block] = decodePem(pem, 'trust');
  if (block === undefined) throw new Error('no PEM block');
  return block.der;
}
