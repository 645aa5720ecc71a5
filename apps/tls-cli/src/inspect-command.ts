import process from 'node:process';
import { Command } from 'commander';
import type { ConnectionInfo, TlsError } from '@org/tls-core';
import { connect } from '@org/tls-core/node';
import { ExitCode } from './exit-code.ts';
import { parseHostPort, type HostPort } from './host-port.ts';
import { describeFailure, failureAsJson, tlsErrorIn } from './report-failure.ts';
import {
  certificateLines,
  reportChain,
  reportSecurity,
  securityLines,
  type CertificateReport,
} from './report-security.ts';
import { addTlsOptions, clientTls, collect, timeoutSignal, type TlsOptions } from './tls-options.ts';

interface InspectOptions extends TlsOptions {
  readonly alpn?: readonly string[];
  readonly json?: true;
}

/** What was found out about a server. Where there is a `failure`, `info` is about a connection that was made without verification. */
interface Inspection {
  readonly info: ConnectionInfo | undefined;
  readonly failure: TlsError | undefined;
}

/** The command `tls inspect HOST[:PORT]`: it tells what a server supports, who it claims to be, and whether that can be verified. */
export function inspectCommand(outcome: { exitCode: number }): Command {
  const command = new Command('inspect')
    .description('look at a server: protocol, cipher suite, certificates, and whether they are acceptable')
    .argument('<host[:port]>', 'port 443 unless given')
    .option('--servername <name>', 'the name to ask for and to verify; default: the host')
    .option('--alpn <protocol>', 'offer this protocol; may be repeated; default: h2 and http/1.1', collect)
    .option('--json', 'print one JSON document');
  return addTlsOptions(command).action(async (target: string, options: InspectOptions) => {
    const hostPort = parseHostPort(target, 443);
    const inspection = await inspect(hostPort, options);
    print(hostPort, inspection, options);
    outcome.exitCode = inspection.failure === undefined ? ExitCode.ok : ExitCode.certificate;
  });
}

async function inspect(target: HostPort, options: InspectOptions): Promise<Inspection> {
  try {
    return { info: await handshake(target, options), failure: undefined };
  } catch (error) {
    const failure = tlsErrorIn(error);
    if (failure?.family !== 'certificate') throw error;
    return { info: await handshakeUnverified(target, options), failure };
  }
}

/** Makes a connection over which nothing but close_notify is sent: it only shows what a peer that is not trusted would negotiate. */
async function handshakeUnverified(target: HostPort, options: InspectOptions): Promise<ConnectionInfo | undefined> {
  try {
    return await handshake(target, { ...options, insecure: true });
  } catch {
    return undefined;
  }
}

async function handshake(target: HostPort, options: InspectOptions): Promise<ConnectionInfo | undefined> {
  const signal = timeoutSignal(options);
  const socket = await connect({
    ...target,
    serverName: options.servername ?? target.host,
    alpnProtocols: options.alpn ?? ['h2', 'http/1.1'],
    tls: await clientTls(options),
    ...(signal === undefined ? {} : { signal }),
  });
  const { info } = socket;
  // What the peer does from here on does not matter, not even a reset.
  socket.on('error', () => undefined);
  socket.end();
  socket.destroySoon();
  return info;
}

function print({ host, port }: HostPort, { info, failure }: Inspection, options: InspectOptions): void {
  const security = info === undefined ? undefined : reportSecurity(info);
  const certificates = security?.certificates ?? reportChain(failure?.certificate?.chain ?? []);
  const verified = failure === undefined && options.insecure !== true;
  if (options.json === true) {
    const error = failure === undefined ? undefined : failureAsJson(failure);
    process.stdout.write(`${JSON.stringify({ host, port, verified, error, security, certificates }, undefined, 2)}\n`);
    return;
  }
  const lines = [
    `${host}:${port}`,
    ...(security === undefined ? [] : securityLines({ ...security, certificates: [] })),
    ...certificates.flatMap(chainLines),
    verdict(verified, failure),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function chainLines(certificate: CertificateReport, index: number): readonly string[] {
  const [first = '', ...rest] = certificateLines(certificate);
  return [`${index} ${first}`, ...rest.map((line) => `  ${line}`)];
}

function verdict(verified: boolean, failure: TlsError | undefined): string {
  if (failure !== undefined) return `verification: FAILED\n${describeFailure(failure)}`;
  return verified ? 'verification: ok' : 'verification: not done (--insecure)';
}
