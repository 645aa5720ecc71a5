import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import tls from 'node:tls';

/** What `node:tls` shows to programs. */
export interface NodeTlsNames {
  readonly exports: readonly string[];
  /** Of contexts, connections and servers, as Node's types declare them. */
  readonly options: readonly string[];
  readonly socketMembers: readonly string[];
  readonly serverMembers: readonly string[];
  readonly events: readonly string[];
}

const declarations = createRequire(import.meta.url).resolve('types-node-24/tls.d.ts');

/** Reads the names off the running Node, and off the declarations of Node 24 what a running Node cannot tell. */
export async function nodeTlsNames(): Promise<NodeTlsNames> {
  const text = await readFile(declarations, 'utf8');
  const options = optionTypes.flatMap((name) => membersOf(text, `interface ${name} `));
  return {
    exports: Object.keys(tls),
    options: unique(options),
    socketMembers: unique([...membersOf(text, 'class TLSSocket '), ...methodsOf(tls.TLSSocket.prototype)]),
    serverMembers: unique([...membersOf(text, 'class Server '), ...methodsOf(tls.Server.prototype)]),
    events: unique([...text.matchAll(/\bon\(\s*event: "(\w+)"/g)].map(([, name = '']) => name)),
  };
}

const optionTypes = [
  'SecureContextOptions',
  'CommonConnectionOptions',
  'TLSSocketOptions',
  'ConnectionOptions',
  'TlsOptions',
];

/** What every event emitter has, and is no name of TLS. */
const ofEmitters = /^(?:constructor|addListener|emit|on|once|prependListener|prependOnceListener)$/;

/** The members of a declared class or interface, which ends where a line of its own indentation closes it. */
function membersOf(text: string, head: string): readonly string[] {
  const at = text.indexOf(`    ${head}`);
  const end = text.indexOf('\n    }', at);
  if (at === -1 || end === -1) throw new Error(`types-node-24: ${head.trim()} is no longer declared as it was`);
  const lines = text.slice(at, end).matchAll(/^ {8}(\w+)[?(:<]/gm);
  return [...lines].map(([, name = '']) => name).filter((name) => !ofEmitters.test(name));
}

/** What a prototype shows to programs; Node's own inner methods begin with an underscore. */
function methodsOf(prototype: object): readonly string[] {
  return Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor' && !name.startsWith('_'));
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
