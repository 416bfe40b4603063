import { ProtocolError } from '../errors/libvirt-error.ts';
import type { XdrReader } from './reader.ts';
import { parseUuid } from './uuid.ts';
import type { XdrWriter } from './writer.ts';

/** How one type travels. Combinators below build every message of the protocol from these. */
export interface Codec<T> {
  write(writer: XdrWriter, value: T): void;
  read(reader: XdrReader): T;
}

export type CodecType<C> = C extends Codec<infer T> ? T : never;

/** Any codec, whatever its type; `never` and `unknown` are the bounds of its write and read sides. */
export interface AnyCodec {
  write(writer: XdrWriter, value: never): void;
  read(reader: XdrReader): unknown;
}

export type Fields = Readonly<Record<string, AnyCodec>>;

type ValueOf<C extends AnyCodec> = ReturnType<C['read']>;
type OptionalKeys<F extends Fields> = {
  [K in keyof F]: undefined extends ValueOf<F[K]> ? K : never;
}[keyof F];

/** The record a set of fields describes; a field that admits `undefined` (flags) may be left out. */
export type RecordOf<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: ValueOf<F[K]>;
} & {
  readonly [K in OptionalKeys<F>]?: ValueOf<F[K]>;
};

export const u32: Codec<number> = { write: (w, v) => w.u32(v), read: (r) => r.u32() };
export const i32: Codec<number> = { write: (w, v) => w.i32(v), read: (r) => r.i32() };
export const boolean: Codec<boolean> = { write: (w, v) => w.i32(v ? 1 : 0), read: (r) => r.boolean() };
export const string: Codec<string> = { write: (w, v) => w.string(v), read: (r) => r.string() };
/** A {@link string} from a small vocabulary: decoded once, then recognised. */
export const name: Codec<string> = { write: (w, v) => w.string(v), read: (r) => r.name() };
export const bytes: Codec<Uint8Array> = { write: (w, v) => w.bytes(v), read: (r) => r.bytes() };
export const nothing: Codec<void> = { write: () => undefined, read: () => undefined };

/** 64-bit values are numbers, exact to 2^53: what libvirt calls unlimited is 2^53 - 1. */
export const u64: Codec<number> = { write: (w, v) => w.u64(v), read: (r) => r.u64() };
export const i64: Codec<number> = { write: (w, v) => w.i64(v), read: (r) => r.i64() };

/** A bit mask that is zero when left out. */
export const flags: Codec<number | undefined> = { write: (w, v) => w.u32(v ?? 0), read: (r) => r.u32() };

/** A value the protocol carries but no caller ever chooses, e.g. `need_results = 1`. */
export function constant(codec: Codec<number>, value: number): Codec<undefined> {
  return {
    write: (w) => codec.write(w, value),
    read: (r) => {
      codec.read(r);
      return undefined;
    },
  };
}

/** 16 raw bytes, as the lower-case text form on our side. */
export const uuid: Codec<string> = {
  write: (w, v) => w.raw(parseUuid(v)),
  read: (r) => r.uuid(),
};

/** XDR optional data: a presence word, then the value. Null when absent. */
export function optional<T>(codec: Codec<T>): Codec<T | null> {
  return {
    write: (w, v) => {
      w.u32(v === null ? 0 : 1);
      if (v !== null) codec.write(w, v);
    },
    read: (r) => (presence(r) ? codec.read(r) : null),
  };
}

/** As {@link optional}, for arguments that callers may leave out. */
export function omittable<T>(codec: Codec<T>): Codec<T | null | undefined> {
  const inner = optional(codec);
  return { write: (w, v) => inner.write(w, v ?? null), read: (r) => inner.read(r) };
}

function presence(reader: XdrReader): boolean {
  const word = reader.u32();
  if (word > 1) throw new ProtocolError(`optional field announced by ${word}`);
  return word === 1;
}

export function array<T>(codec: Codec<T>): Codec<readonly T[]> {
  return {
    write: (w, values) => {
      w.u32(values.length);
      for (const value of values) codec.write(w, value);
    },
    read: (r) => {
      const count = r.count();
      const values: T[] = [];
      for (let i = 0; i < count; i += 1) values.push(codec.read(r));
      return values;
    },
  };
}

/** What the `LIST_ALL` family answers: the array, then its length once more. */
export function listing<T>(codec: Codec<T>): Codec<readonly T[]> {
  const items = array(codec);
  return {
    write: (w, values) => {
      items.write(w, values);
      w.u32(values.length);
    },
    read: (r) => {
      const values = items.read(r);
      r.u32();
      return values;
    },
  };
}

/** C `char<>`: counted, one word per character; NUL ends the text. */
export const chars: Codec<string> = {
  write: (w, v) => {
    w.u32(v.length);
    for (let i = 0; i < v.length; i += 1) w.i32(v.charCodeAt(i));
  },
  read: (r) => fixedChars(r.count()).read(r),
};

/** C `char[n]`: one word per character, no length. NUL ends the text. */
export function fixedChars(length: number): Codec<string> {
  return {
    write: (w, v) => {
      for (let i = 0; i < length; i += 1) w.i32(v.charCodeAt(i) || 0);
    },
    read: (r) => {
      let text = '';
      let ended = false;
      for (let i = 0; i < length; i += 1) {
        const code = r.i32() & 0xff;
        ended ||= code === 0;
        if (!ended) text += String.fromCharCode(code);
      }
      return text;
    },
  };
}

/** Fields in order. The record's type is inferred from the fields. */
export function struct<F extends Fields>(fields: F): Codec<RecordOf<F>> {
  const entries = Object.entries(fields) as [string, Codec<unknown>][];
  return {
    write: (w, value) => {
      const record = value as Readonly<Record<string, unknown>>;
      for (const [key, codec] of entries) codec.write(w, record[key]);
    },
    read: (r) => {
      const record: Record<string, unknown> = {};
      for (const [key, codec] of entries) record[key] = codec.read(r);
      return record as RecordOf<F>;
    },
  };
}
