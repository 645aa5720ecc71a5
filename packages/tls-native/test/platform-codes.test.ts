import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  AlertDescription,
  alertOf,
  alertsBySection,
  nodeCodesOf,
  tlsErrorCodes,
  type TlsErrorCode,
} from '@org/tls-core';
import { certificateFaults, type CertificateFault } from '@org/tls-core/backend';

/** The codes, alerts and Node's codes of the C++ sources beside the table of codes in TypeScript, which no compiler ties to them. */
const native = join(import.meta.dirname, '..', 'native');
const platforms = ['openssl', 'schannel', 'secure-transport'] as const;
const rooms = [...platforms, 'addon', '.'] as const;

/** Alerts that a library sends where the table has another for the code, and what it is that they say. */
const readAs: Readonly<Record<number, TlsErrorCode>> = {
  [AlertDescription.insufficientSecurity]: 'ERR_TLS_NO_COMMON_PARAMETERS', // RFC 8446 §6.2: in the place of handshake_failure
};

const nodeCodes = new Set(tlsErrorCodes.flatMap((code) => nodeCodesOf(code)));

describe.each(rooms)('the C++ sources in %s', (room) => {
  it('have no error code that is not in the table, nor one of Node’s', () => {
    const strings = sourcesOf(room).flatMap((text) => [...text.matchAll(/"(ERR_TLS_\w*)"/g)].map(([, code]) => code));
    expect(strings.filter((code) => code !== undefined && !isCode(code) && !nodeCodes.has(code))).toEqual([]);
  });
});

describe.each(platforms)('the tables of %s', (platform) => {
  const rows = sourcesOf(platform).flatMap((text) => rowsOf(text));

  it('pair a code with an alert as the table of codes does', () => {
    const pairs = rows.flatMap(({ code, alert }) =>
      code === undefined || code === 'ERR_TLS_ALERT' || alert === undefined || alert < 0 ? [] : [{ code, alert }],
    );
    expect(pairs.length).toBeGreaterThan(10);
    expect(pairs.filter(({ code, alert }) => !alertsOf(code).includes(alert) && readAs[alert] !== code)).toEqual([]);
  });

  it('pair a code with a code of Node’s as the table of codes does', () => {
    const pairs = rows.flatMap(({ code, nodeCode }) =>
      code === undefined || nodeCode === undefined ? [] : [{ code, nodeCode }],
    );
    expect(pairs.length).toBeGreaterThan(10);
    expect(pairs.filter(({ code, nodeCode }) => !isCode(code) || !nodeCodesOf(code).includes(nodeCode))).toEqual([]);
  });
});

describe.each(platforms)('the faults of certificates in %s', (platform) => {
  const sources = sourcesOf(platform);
  const faults = sources.flatMap((text) => rowsOf(text)).filter(({ fault }) => fault !== undefined);

  it('have a name in the table of tls-core, with its code and its code of Node’s', () => {
    expect(faults.length).toBeGreaterThan(10);
    const wrong = faults.filter(({ code, nodeCode, fault = '' }) => {
      const row = Object.hasOwn(certificateFaults, fault) ? certificateFaults[fault as CertificateFault] : undefined;
      if (row === undefined || row.code !== code) return true;
      // Which certificate is missing is found out in TypeScript, and Node's code for it depends on the chain.
      const isOfChain = row.code === 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER';
      return !isOfChain && nodeCode !== (row.nodeCode ?? nodeCodesOf(row.code)[0]);
    });
    expect(wrong).toEqual([]);
  });

  it('have a name wherever they have a code of Node’s', () => {
    const nameless = sources.flatMap((text) => [
      ...text.matchAll(/(?:->|\.)node_code = (?:"(?!UNSPECIFIED)|\w+\.)[^;]*;(?!\s*\w+(?:->|\.)certificate_fault = )/g),
    ]);
    expect(nameless.map(([all]) => all)).toEqual([]);
  });
});

function isCode(text: string): text is TlsErrorCode {
  return (tlsErrorCodes as readonly string[]).includes(text);
}

/** A handshake in which a fault without an alert is met ends by internal_error. */
function alertsOf(code: string): readonly number[] {
  if (!isCode(code)) return [];
  return [alertOf(code) ?? AlertDescription.internalError, ...Object.values(alertsBySection(code))];
}

function sourcesOf(room: string): readonly string[] {
  const names = readdirSync(join(native, room)).filter((name) => /\.(cc|hh)$/.test(name));
  return names.map((name) => readFileSync(join(native, room, name), 'utf8').replaceAll(/\/\/.*$/gm, ''));
}

interface Row {
  readonly code: string | undefined;
  readonly alert: number | undefined;
  readonly nodeCode: string | undefined;
  /** The name of a certificate's fault. */
  readonly fault: string | undefined;
}

/** The rows of all tables in a file whose struct has a field `code`, and the calls that make a fault of its certificate. */
function rowsOf(text: string): readonly Row[] {
  const valueOf = (token: string | undefined): string | undefined => valueIn(text, token);
  const tables = [...text.matchAll(/constexpr (\w+) \w+\[\] = \{(.*?)\n\};/gs)].flatMap(
    ([, struct = '', body = '']) => {
      const fields = fieldsOf(text, struct);
      return [...body.matchAll(/\{([^{}]*)\}/g)].map(([, row = '']): Row => {
        const tokens = row.match(/"(?:[^"\\]|\\.)*"|[^\s,][^,]*/g) ?? [];
        const field = (name: string): string | undefined => valueOf(tokens[fields.indexOf(name)]);
        const alert = field('alert');
        return {
          code: field('code'),
          alert: alert === undefined ? undefined : Number(alert),
          nodeCode: field('node_code'),
          fault: field('certificate_fault'),
        };
      });
    },
  );
  const calls = [...text.matchAll(/(?<!^Fault )CertificateFault\((k\w+|"\w+"), ("\w+"), ("\w+")/gm)].map(
    ([, code, nodeCode, fault]): Row => ({
      code: valueOf(code),
      alert: undefined,
      nodeCode: valueOf(nodeCode),
      fault: valueOf(fault),
    }),
  );
  return [...tables, ...calls];
}

/** The names of a struct's fields in their order. */
function fieldsOf(text: string, struct: string): readonly string[] {
  const body = new RegExp(`struct ${struct} \\{([^}]*)\\};`).exec(text)?.[1] ?? '';
  return [...body.matchAll(/(\w+)(?: = [^;]*)?;/g)].map(([, name = '']) => name);
}

/** What a literal or a constant of the same file stands for. */
function valueIn(text: string, token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const literal = /^k\w+$/.test(token) ? new RegExp(`constexpr [\\w* ]+ ${token} = ([^;]+);`).exec(text)?.[1] : token;
  return literal?.replaceAll('"', '').trim();
}
