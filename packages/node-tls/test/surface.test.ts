import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import nodeHttp2 from 'node:http2';
import nodeHttps from 'node:https';
import nodeTls from 'node:tls';
import { expect, test } from 'vitest';
import * as http2 from '../src/http2.ts';
import * as https from '../src/https.ts';
import * as ours from '../src/index.ts';
import { serverOptions } from './support.ts';

interface Row {
  readonly names: readonly string[];
  readonly state: string;
  readonly test: string;
}

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'node-tls.md'), 'utf8');
const rows: readonly Row[] = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| name '))
  .map((line) => {
    const [, name = '', state = '', , proof = ''] = line.split('|').map((cell) => cell.trim());
    return { names: [...name.matchAll(/`([^`]+)`/g)].map(([, each]) => each ?? ''), state, test: proof };
  });
const named = new Set(rows.flatMap(({ names }) => names));

/** What a prototype shows to programs. */
function methodsOf(prototype: object): readonly string[] {
  return Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor' && !name.startsWith('_'));
}

test('every row says whether it is supported, different or refused', () => {
  expect(rows.length).toBeGreaterThan(80);
  expect(rows.filter(({ state }) => !['supported', 'different', 'refused'].includes(state))).toEqual([]);
});

test('every row names a test that exists', () => {
  const missing = rows.filter(({ test: proof }) => {
    const [file = '', ...name] = proof.split(': ');
    const text = readFileSync(join(import.meta.dirname, `${file}.test.ts`), 'utf8');
    return !new RegExp(`(?:test|it)(?:\\.each\\([^]*?\\))?\\(\\s*['"\`]${escaped(name.join(': '))}`).test(text);
  });
  expect(missing).toEqual([]);
});

test('every export of node:tls has a row', () => {
  expect(Object.keys(nodeTls).filter((name) => !named.has(name))).toEqual([]);
});

test('every export of node:tls is there', () => {
  expect(Object.keys(nodeTls).filter((name) => !(name in ours))).toEqual([]);
});

test('every method of Node’s TLSSocket and Server has a row, and is there', () => {
  const sockets = methodsOf(nodeTls.TLSSocket.prototype);
  const servers = methodsOf(nodeTls.Server.prototype);
  expect(sockets.filter((name) => !named.has(`socket.${name}`))).toEqual([]);
  expect(servers.filter((name) => !named.has(`server.${name}`))).toEqual([]);
  expect(sockets.filter((name) => !(name in ours.TLSSocket.prototype))).toEqual([]);
  expect(servers.filter((name) => !(name in ours.Server.prototype))).toEqual([]);
});

test('every export of node:https and node:http2 is there', () => {
  expect(Object.keys(nodeHttps).filter((name) => !(name in https))).toEqual([]);
  expect(Object.keys(nodeHttp2).filter((name) => !(name in http2))).toEqual([]);
  expect(http2).toHaveProperty('constants', nodeHttp2.constants);
});

test('the default of a module is the module, as in Node', () => {
  expect(ours.default).toBe(ours);
  expect(https.default.createServer).toBe(https.createServer);
  expect(http2.default.createSecureServer).toBe(http2.createSecureServer);
});

test('createSecurePair and setOptions are refused by name', () => {
  const refusal = expect.objectContaining({ code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' }) as Error;
  expect(() => ours.createSecurePair()).toThrow(refusal);
  expect(() => ours.createServer(serverOptions).setOptions({})).toThrow(refusal);
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
