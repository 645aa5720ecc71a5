import semver from 'semver';

/**
 * Finds the version that each package must have after the changesets: what is named is bumped by the largest of its bumps, and a package whose
 * range lets the new version of a dependency out is bumped by a patch, until nothing is left.
 * @param manifests of the public packages, before; ranges of the workspace as they are published
 * @returns version by name
 */
export function expectedVersions(manifests, changesets) {
  const bumps = new Map();
  for (const changeset of changesets)
    for (const [name, bump] of Object.entries(changeset.bumps)) bumps.set(name, larger(bumps.get(name), bump));
  const versionOf = ({ name, version }) => (bumps.has(name) ? semver.inc(version, bumps.get(name)) : version);
  for (;;) {
    const versions = new Map(manifests.map((manifest) => [manifest.name, versionOf(manifest)]));
    const left = manifests.filter(({ name }) => !bumps.has(name)).filter((manifest) => outOfRange(manifest, versions));
    if (left.length === 0) return Object.fromEntries(versions);
    for (const { name } of left) bumps.set(name, 'patch');
  }
}

/** Gives what is wrong with the versions and ranges of packages after the changesets. */
export function versionFaults(before, after, changesets) {
  const expected = expectedVersions(before, changesets);
  const versions = new Map(after.map(({ name, version }) => [name, version]));
  const known = new Set(before.map(({ name }) => name));
  const unknown = changesets.flatMap(({ name, bumps }) =>
    Object.keys(bumps)
      .filter((each) => !known.has(each))
      .map((each) => `the changeset ${name} names ${each}, which is not published`),
  );
  return [
    ...unknown,
    ...Object.entries(expected)
      .filter(([name, version]) => versions.get(name) !== version)
      .map(([name, version]) => `${name} is ${versions.get(name)}, and not ${version}`),
    ...after.flatMap((manifest) => rangeFaults(manifest, versions)),
  ];
}

/** Gives the ranges of a package that do not let in the version of a sibling that is released with it. */
export function rangeFaults(manifest, versions) {
  return siblingRanges(manifest)
    .filter(([sibling, range]) => !semver.satisfies(versions.get(sibling) ?? '', range))
    .map(([sibling, range]) => `${manifest.name} wants ${sibling} ${range}, which is ${versions.get(sibling)}`);
}

/**
 * Gives the packages that are bumped by less than what they depend on. Who has `^0.1.0` of a library and of tls-core would else get, by an update
 * that promises to break nothing, a library with another tls-core than the one beside it. A program (no `exports`) has its tree for itself.
 * @param versions version before and after, by name: `{ before, after }`
 */
export function driftFaults(manifests, versions) {
  const breaks = (name) => {
    const { before, after } = versions[name];
    return !semver.satisfies(after, `^${before}`);
  };
  return manifests
    .filter(({ name, exports }) => exports !== undefined && !breaks(name))
    .flatMap(({ name, dependencies }) =>
      Object.keys(dependencies ?? {})
        .filter((dependency) => Object.hasOwn(versions, dependency) && breaks(dependency))
        .map(
          (dependency) =>
            `${name} ${versions[name].after} is no breaking change, and ${dependency} ${versions[dependency].after} is`,
        ),
    );
}

/** Pairs the versions of packages before and after, by name. */
export function versionPairs(before, after) {
  const later = new Map(after.map(({ name, version }) => [name, version]));
  return Object.fromEntries(before.map(({ name, version }) => [name, { before: version, after: later.get(name) }]));
}

function outOfRange({ dependencies }, versions) {
  return Object.entries(dependencies ?? {}).some(
    ([name, range]) => versions.has(name) && !semver.satisfies(versions.get(name), range),
  );
}

/** Dependencies and peers of our own, with their ranges. */
function siblingRanges({ dependencies, peerDependencies, optionalDependencies }) {
  return Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies }).filter(([name]) =>
    name.startsWith('@org/'),
  );
}

function larger(one, other) {
  const order = ['patch', 'minor', 'major'];
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}
