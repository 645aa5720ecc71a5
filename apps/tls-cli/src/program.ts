import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { certCommand } from './cert-command.ts';
import { connectCommand } from './connect-command.ts';
import { crlCommand } from './crl-command.ts';
import { ExitCode, exitCodeHelp, exitCodeOf } from './exit-code.ts';
import { getCommand } from './get-command.ts';
import { inspectCommand } from './inspect-command.ts';
import { describeFailure, failureAsJson } from './report-failure.ts';

/** Runs the tool and gives its exit code. Results go to stdout, everything else to stderr. */
export async function run(args: readonly string[]): Promise<number> {
  const outcome: { exitCode: number } = { exitCode: ExitCode.ok };
  const program = new Command('tls')
    .description('Speak TLS by hand, over the stack written in TypeScript or over the system’s own.')
    .version(ownVersion())
    .showHelpAfterError('(see --help)')
    .addHelpText('after', `\n${exitCodeHelp}`)
    .exitOverride();
  for (const command of [getCommand(outcome), inspectCommand(outcome), connectCommand(), certCommand(), crlCommand()]) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    if (isBrokenPipe(error)) return ExitCode.ok;
    if (args.includes('--json'))
      process.stdout.write(`${JSON.stringify({ error: failureAsJson(error) }, undefined, 2)}\n`);
    process.stderr.write(`${describeFailure(error)}\n`);
    return exitCodeOf(error);
  }
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return (manifest as { readonly version: string }).version;
}

/** Tells whether an error means that nobody reads our stdout any more. */
function isBrokenPipe(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'EPIPE' &&
    'syscall' in error &&
    error.syscall === 'write'
  );
}
