export {
  watchRevocationLists,
  type WatchedRevocationLists,
  type WatchRevocationListsOptions,
} from './watch-revocation-lists.ts';
