import { ProtocolError } from '../errors/libvirt-error.ts';
import { array, type Codec } from './codec.ts';
import type { XdrReader } from './reader.ts';
import type { XdrWriter } from './writer.ts';

/** `virTypedParameter`'s C types: a value must be sent with exactly the type the daemon expects for its field. */
export type TypedValue =
  | { readonly type: 'int' | 'uint' | 'llong' | 'ullong' | 'double'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string };

export type TypedParam = TypedValue & { readonly field: string };

export type ParamValue = TypedValue['value'];

const tags = { int: 1, uint: 2, llong: 3, ullong: 4, double: 5, boolean: 6, string: 7 } as const;
const types = ['int', 'uint', 'llong', 'ullong', 'double', 'boolean', 'string'] as const;

/** Parameters in order. A field may repeat (migration's disk list), which a map could not say. */
export const typedParams: Codec<readonly TypedParam[]> = array<TypedParam>({
  write: (w, param) => {
    w.string(param.field);
    w.u32(tags[param.type]);
    writeValue(w, param);
  },
  read: (r) => {
    const field = r.name();
    const type = types[r.u32() - 1];
    if (type === undefined) throw new ProtocolError(`unknown type of parameter ${JSON.stringify(field)}`);
    return { field, type, value: readValue(r, type) } as TypedParam;
  },
});

/**
 * Received parameters by name: half the cost of {@link typedParams}, for statistics. A Map, because names come
 * from the peer.
 */
export const paramMap: Codec<ReadonlyMap<string, ParamValue>> = {
  write: () => {
    throw new TypeError('parameters are sent as a list: their C types matter');
  },
  read: (r) => {
    const count = r.count();
    const values = new Map<string, ParamValue>();
    for (let i = 0; i < count; i += 1) {
      const field = r.name();
      const type = types[r.u32() - 1];
      if (type === undefined) throw new ProtocolError(`unknown type of parameter ${JSON.stringify(field)}`);
      values.set(field, readValue(r, type));
    }
    return values;
  },
};

/** What the getters answer that are asked twice: parameters by name, and how many there are. */
export const paramAnswer: Codec<ParamAnswer> = {
  write: (w, answer) => {
    paramMap.write(w, answer.params);
    w.i32(answer.count);
  },
  read: (r) => ({ params: paramMap.read(r), count: r.i32() }),
};

export interface ParamAnswer {
  /** Empty when the call asked for the count only. */
  readonly params: ReadonlyMap<string, ParamValue>;
  readonly count: number;
}

function writeValue(writer: XdrWriter, param: TypedValue): void {
  switch (param.type) {
    case 'int':
      return writer.i32(param.value);
    case 'uint':
      return writer.u32(param.value);
    case 'llong':
      return writer.i64(param.value);
    case 'ullong':
      return writer.u64(param.value);
    case 'double':
      return writer.f64(param.value);
    case 'boolean':
      return writer.i32(param.value ? 1 : 0);
    case 'string':
      return writer.string(param.value);
  }
}

function readValue(reader: XdrReader, type: TypedValue['type']): ParamValue {
  switch (type) {
    case 'int':
      return reader.i32();
    case 'uint':
      return reader.u32();
    case 'llong':
      return reader.i64();
    case 'ullong':
      return reader.u64();
    case 'double':
      return reader.f64();
    case 'boolean':
      return reader.boolean();
    case 'string':
      return reader.string();
  }
}
