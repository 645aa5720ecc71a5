import type { RequestInfo, RequestInit } from 'undici';
import { FormData, Request } from './undici.ts';

/** A `Request` of undici or of anybody else: the runtime has one of its own, which is another class. */
export type AnyRequest = RequestInfo | globalThis.Request;

/** A request's body of undici or of anybody else. */
export type AnyBody<Body> = Body | globalThis.FormData;

/** `RequestInit` with a body and headers of undici or of anybody else. */
export type AnyRequestInit = Omit<RequestInit, 'body' | 'dispatcher' | 'headers'> & {
  body?: AnyBody<RequestInit['body']>;
  headers?: RequestInit['headers'] | globalThis.Headers;
};

/**
 * Gives undici a `Request` of its own for one of the runtime's, whose body is taken. `mode` is left out: it is of browsers.
 * @throws TypeError when the body was read before
 */
export function asUndiciRequest(input: AnyRequest): RequestInfo {
  if (!isForeignRequest(input)) return input;
  if (input.bodyUsed) throw new TypeError('cannot send a Request whose body has been read');
  const { url, headers, body, method, signal, redirect, credentials, cache } = input;
  const { referrer, referrerPolicy, integrity, keepalive } = input;
  const plain = { method, signal, redirect, credentials, cache, referrer, referrerPolicy, integrity, keepalive };
  return new Request(url, { ...plain, headers: [...headers], ...(body !== null && { body, duplex: 'half' }) });
}

/** Gives undici a `FormData` of its own for one of the runtime's, which it would send as the text `[object FormData]`. */
export function asUndiciBody<Body>(body: AnyBody<Body>): Body | FormData {
  if (!isForeignFormData(body)) return body;
  const form = new FormData();
  for (const [name, value] of body) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, value.name);
  }
  return form;
}

function isForeignRequest(input: AnyRequest): input is globalThis.Request {
  return isCalled(input, 'Request') && !(input instanceof Request);
}

function isForeignFormData(body: unknown): body is globalThis.FormData {
  return isCalled(body, 'FormData') && !(body instanceof FormData);
}

/** Tells an object of a standard's class by the name that it gives itself, whoever's class it is. */
function isCalled(value: unknown, name: string): boolean {
  return Object.prototype.toString.call(value) === `[object ${name}]`;
}
