import { isTlsError, TlsError, type MaybePromise } from '@org/tls-core';
import type { OcspSubject } from '../ocsp.ts';
import { askResponders, judgeResponse, type AskingRules, type JudgedResponse } from './ask-responders.ts';
import { maxResponseLength } from './ocsp-request.ts';
import { KeptAnswer } from './kept-answer.ts';
import type { RequestTurns } from './request-turns.ts';

/** Keeps OCSP responses over a restart. What it fails with is told to `onFailure`, and fails nothing else. */
export interface OcspResponseStore {
  /** @param key 64 hexadecimal digits, which stand for the certificate and its issuer */
  get(key: string): MaybePromise<Uint8Array | undefined>;
  /** @param until when the response ends, in milliseconds since the epoch */
  put(key: string, response: Uint8Array, until: number): MaybePromise<unknown>;
}

export interface StapledCertificateOptions {
  readonly key: string;
  readonly subject: OcspSubject;
  readonly rules: AskingRules;
  readonly turns: RequestTurns;
  readonly store: OcspResponseStore | undefined;
  readonly tell: (error: TlsError) => void;
}

/** A timer cannot wait longer. */
const longestTimer = 2 ** 31 - 1;

/** One certificate of a server, and its response, which is asked for again and again until the certificate expires. */
export class StapledCertificate {
  readonly #options: StapledCertificateOptions;
  readonly #kept: KeptAnswer<JudgedResponse>;
  readonly #told = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;
  /** Is over when there is a response, or the first request has failed. */
  readonly first: Promise<void>;

  constructor(options: StapledCertificateOptions) {
    this.#options = options;
    const { subject, rules, turns } = options;
    this.#kept = new KeptAnswer({
      load: async () => turns.run(async () => askResponders(subject, rules)),
      clock: rules.clock,
    });
    this.first = this.#begin();
  }

  /** The response of now. It is one that says `revoked` too, which is the truth about the certificate. */
  response(): Uint8Array | undefined {
    // Timers do not run while a machine sleeps.
    if (this.#timer !== undefined && this.#kept.isDue) void this.#refresh();
    return this.#kept.valid?.der;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #begin(): Promise<void> {
    const stored = await this.#stored();
    if (stored !== undefined) this.#kept.put(stored);
    if (this.#kept.isDue) await this.#refresh();
    else this.#arm();
  }

  /** What the store has, judged as if it came from a responder: whoever can write into the store is not believed more. */
  async #stored(): Promise<JudgedResponse | undefined> {
    const { store, key, subject, rules } = this.#options;
    if (store === undefined) return undefined;
    try {
      const der = await inTime(async () => store.get(key), rules.timeout);
      if (der === undefined) return undefined;
      if (!(der instanceof Uint8Array) || der.length > maxResponseLength) throw new Error('it is no OCSP response');
      return await judgeResponse(new Uint8Array(der), subject, rules);
    } catch (error) {
      this.#tell(error, 'the store of OCSP responses');
      return undefined;
    }
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      const { der, status, until } = await this.#kept.refresh();
      this.#told.clear();
      if (status === 'revoked')
        this.#tell(new TlsError('ERR_TLS_CERTIFICATE_REVOKED', 'the responder says that the certificate is revoked'));
      this.#arm();
      void this.#put(der, until);
    } catch (error) {
      this.#tell(error);
      this.#arm();
    }
  }

  async #put(der: Uint8Array, until: number): Promise<void> {
    const { store, key, rules } = this.#options;
    if (store === undefined) return;
    try {
      await inTime(async () => store.put(key, new Uint8Array(der), until), rules.timeout);
    } catch (error) {
      this.#tell(error, 'the store of OCSP responses');
    }
  }

  #arm(): void {
    const { clock } = this.#options.rules;
    const now = clock();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isStopped || now > this.#options.subject.certificate.notAfter) return;
    const pause = Math.min(longestTimer, Math.max(0, this.#kept.dueAt - now));
    this.#timer = setTimeout(() => void this.#refresh(), pause);
    // A browser's timer is a number.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  /** Tells a failure once until a request succeeds. */
  #tell(error: unknown, where = 'nothing new is stapled'): void {
    const reason = error instanceof Error ? error.message : String(error);
    const code =
      isTlsError(error) && error.code === 'ERR_TLS_CERTIFICATE_REVOKED' ? error.code : 'ERR_TLS_CERTIFICATE_STATUS';
    const message = `${where}: ${reason}`;
    if (this.#isStopped || this.#told.has(message)) return;
    this.#told.add(message);
    this.#options.tell(new TlsError(code, message, { cause: error }));
  }
}

/** How many milliseconds a store may take at least. */
async function inTime<Value>(act: () => Promise<Value>, timeout: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout);
    (timer as { unref?: () => void }).unref?.();
  });
  try {
    return await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}
