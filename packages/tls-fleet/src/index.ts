export { derivedTicketKeys, type DerivedTicketKeysOptions } from './derived-ticket-keys.ts';
export { memorySessionStore, type MemorySessionStoreOptions } from './memory-session-store.ts';
export { memoryTicketKeys, type MemoryTicketKeys } from './memory-ticket-keys.ts';
export type { RotationOptions } from './rotation.ts';
export { watchTicketKeyFiles, type TicketKeyFiles, type TicketKeyFilesOptions } from './ticket-key-files.ts';
