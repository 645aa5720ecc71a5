/**
 * Sends one command, of which every part is text, and gives the reply: text or bytes, a number, `null`, or a list of these.
 * @param key the key by which a client of a cluster finds the server; `undefined`: any server will do
 */
export type SendCommand = (command: readonly string[], key: string | undefined) => PromiseLike<unknown>;
