import { outputOf, run, SetupError } from './command.mjs';

/** Finds out from where apt gets Debian itself. */
export function debianMirror() {
  const known = () =>
    outputOf('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Label: Debian', 'Created-By: Packages'])
      .split('\n')
      .find((line) => line !== '');
  const uri = known() ?? (run('apt-get', ['update', '-q']), known());
  if (uri === undefined) throw new SetupError('apt knows no mirror of Debian');
  return uri;
}
