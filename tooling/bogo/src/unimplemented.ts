/** The test needs what we do not have; the shim then exits with the runner's code for it. */
export class Unimplemented extends Error {
  override readonly name = 'Unimplemented';
}

/** The runner's exit code for `Unimplemented`. */
export const unimplementedExitCode = 89;
