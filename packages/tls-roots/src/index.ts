export { mozillaRoots } from './mozilla-roots.ts';
export { origin as mozillaRootsOrigin } from './mozilla-list.ts';
