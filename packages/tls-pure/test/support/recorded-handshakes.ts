import { readFileSync } from 'node:fs';
import { sharedData } from '@org/pki';

/** One section of the file of recorded handshakes. */
export class RecordedHandshake {
  readonly name: string;
  readonly #values: ReadonlyMap<string, string>;

  constructor(name: string, values: ReadonlyMap<string, string>) {
    this.name = name;
    this.#values = values;
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** A value as it is written. */
  text(key: string): string {
    const value = this.#values.get(key);
    if (value === undefined) throw new Error(`${this.name} has no ${key}`);
    return value;
  }

  /** Lower-case hexadecimal. */
  hex(key: string): string {
    return this.text(key).replaceAll(' ', '').toLowerCase();
  }

  bytes(key: string): Buffer {
    return Buffer.from(this.hex(key), 'hex');
  }

  number(key: string): number {
    return Number(this.hex(key));
  }
}

/** All sections by name; `get` throws on a name that is not there. */
export function recordedHandshakes(): { get(name: string): RecordedHandshake } {
  const sections = new Map<string, RecordedHandshake>();
  const text = readFileSync(sharedData('rfc8448/transcripts.vec'), 'utf8');
  for (const section of text.split(/^\[/m).slice(1)) {
    const [heading = '', ...lines] = section.split('\n');
    const name = heading.replace(']', '').trim();
    const values = lines.filter((line) => line.includes('=') && !line.startsWith('#'));
    const pairs = values.map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
    sections.set(name, new RecordedHandshake(name, new Map(pairs)));
  }
  return {
    get(name) {
      const section = sections.get(name);
      if (section === undefined) throw new Error(`there is no recorded handshake ${name}`);
      return section;
    },
  };
}
