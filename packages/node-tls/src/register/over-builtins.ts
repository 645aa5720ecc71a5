import { syncBuiltinESMExports } from 'node:module';
import nodeHttp2 from 'node:http2';
import nodeHttps from 'node:https';
import nodeTls from 'node:tls';
import * as http2 from '../http2.ts';
import * as https from '../https.ts';
import * as tls from '../index.ts';

/**
 * Puts this package in the place of `node:tls` for the whole process. Node's own https and http2 call through the exports of `tls`, so that
 * their clients follow; their servers are of classes that were made when Node started, and are replaced.
 */
export function installOverBuiltins(): void {
  replace(nodeTls, tls);
  replace(nodeHttps, { Server: https.Server, createServer: https.createServer });
  replace(nodeHttp2, http2);
  syncBuiltinESMExports();
}

/** Replaces what a module of Node exports by what ours exports under the same name. What cannot be changed there is the same here. */
function replace(builtinModule: object, ours: object): void {
  for (const [name, value] of Object.entries(ours)) {
    const current = Object.getOwnPropertyDescriptor(builtinModule, name);
    if (current?.configurable === true)
      Object.defineProperty(builtinModule, name, { value, writable: true, enumerable: true, configurable: true });
  }
}
