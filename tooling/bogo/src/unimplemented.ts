/** Says that the test needs something that we do not have. The shim then exits with the runner's code for that. */
export class Unimplemented extends Error {
  override readonly name = 'Unimplemented';
}

/** The runner's exit code for `Unimplemented`. */
export const unimplementedExitCode = 89;
