import { randomBytes } from 'node:crypto';
import { isTlsError, type TlsBackend, type TlsSession } from '@org/tls-core';
import type { SharedState } from './contexts.ts';
import { ExchangeError } from './exchange-error.ts';
import { runConnection } from './exchange.ts';
import { parseFlags, type TestConfigs } from './flags.ts';
import type { TestConfig } from './test-config.ts';
import { Unimplemented, unimplementedExitCode } from './unimplemented.ts';

/** What a shim's process leaves behind. */
export interface ShimResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs one of the runner's tests against a backend. @param args the shim's arguments, with one character for each byte */
export async function runShim(backend: TlsBackend, args: readonly string[]): Promise<ShimResult> {
  try {
    await runTest(backend, parseFlags(args));
    return { stdout: '', stderr: '', exitCode: 0 };
  } catch (error) {
    if (!isUnimplemented(error)) return { stdout: '', stderr: `${describe(error)}\n`, exitCode: 1 };
    return { stdout: '', stderr: `${refusal(error)}\n${describe(error)}\n`, exitCode: unimplementedExitCode };
  }
}

async function runTest(backend: TlsBackend, { initial, resume, retry }: TestConfigs): Promise<void> {
  const shared = newSharedState(backend, initial);
  let session: TlsSession | undefined;
  for (let index = 0; index <= initial.resumeCount; index += 1) {
    const config = index === 0 ? initial : afterRejection(resume, retry);
    const isResumption = index > 0;
    if (isResumption && !config.isServer && session === undefined) throw new ExchangeError('no session to offer');
    // Each connection needs the one before: its session and its clock.
    session = (await runConnection(config, isResumption, session, shared)) ?? session;
    shared.clock += config.resumptionDelay * 1000;
  }
}

/**
 * When its early data was rejected, BoringSSL's client starts again with another configuration; ours goes on by itself. What it writes as
 * early data is still the first configuration's.
 */
function afterRejection(resume: TestConfig, retry: TestConfig): TestConfig {
  if (resume.isServer || !resume.expectRejectEarlyData) return resume;
  return {
    ...retry,
    enableEarlyData: resume.enableEarlyData,
    expectRejectEarlyData: true,
    shimWritesFirst: resume.shimWritesFirst,
    initialWrite: resume.initialWrite,
    repeatInitialWrite: resume.repeatInitialWrite,
    writesAgain: retry.shimWritesFirst,
  };
}

function newSharedState(backend: TlsBackend, { ticketKey, usesTicketCallback }: TestConfig): SharedState {
  const stored = new Map<string, Uint8Array>();
  const key = usesTicketCallback ? Buffer.alloc(48) : (ticketKey ?? randomBytes(48));
  return {
    backend,
    clock: Date.now(),
    ticketKeys: [{ name: key.subarray(0, 16), secret: key.subarray(16, 48) }],
    sessions: {
      put: (identifier, state) => void stored.set(Buffer.from(identifier).toString('hex'), state),
      take: (identifier) => stored.get(Buffer.from(identifier).toString('hex')),
    },
    verifyResult: undefined,
  };
}

function isUnimplemented(error: unknown): error is Error {
  return error instanceof Unimplemented || (isTlsError(error) && error.code === 'ERR_TLS_UNSUPPORTED');
}

/**
 * Makes one line, which is the same for all tests that need the same: details of an option's value stand after a colon or a semicolon, and are cut off.
 */
function refusal({ message }: Error): string {
  return `Unimplemented: ${message.split(/[:;]/)[0]}`;
}

function describe(error: unknown): string {
  if (isTlsError(error)) {
    const cause = error.cause === undefined ? '' : `\n${describe(error.cause)}`;
    return `${error.code} ${error.direction ?? 'no alert'} ${error.alertName ?? ''}: ${error.message}${cause}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
