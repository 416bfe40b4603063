import { type CustomTypesConfig, types } from 'pg';

const INT8 = types.builtins.INT8;

/** `int8` as a number, refusing what a number cannot hold; by default `pg` hands out strings. */
function parseSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 value ${text} is beyond 2^53`);
  return value;
}

/** Per pool rather than on the module's global table, so that nobody else's `pg` changes under them. */
export const typeParsers: CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (oid === INT8 && format !== 'binary') return parseSafeInteger;
    return types.getTypeParser(oid, format);
  },
};
