// For the tests and tools of this repository: contexts whose handshakes can be changed. No published package has this entry.
export { clientContext, serverContext } from './backend.ts';
export type { HandshakeOverrides } from './handshake/settings.ts';
export type { Extension, ExtensionCarrier } from './wire/extension.ts';
export { ExtensionType } from './wire/extension.ts';
export { HandshakeType } from './wire/handshake-message.ts';
export { ContentType } from './wire/content-type.ts';
