import type { TypedParam, TypedValue } from './typed-params.ts';

/** The C type libvirt insists on for each field of one call's parameters, by libvirt's own names. */
export type ParamFields = Readonly<Record<string, TypedValue['type']>>;

type ValueFor<T extends TypedValue['type']> = T extends 'boolean'
  ? boolean
  : T extends 'string'
    ? string
    : number;

/** Values for some of the fields; a list is a field that is sent once for each of its values. */
export type ParamValues<F extends ParamFields> = {
  readonly [K in keyof F]?: ValueFor<F[K]> | readonly ValueFor<F[K]>[];
};

/** Give each value the C type its field has. What is undefined is left out. */
export function buildParams<F extends ParamFields>(fields: F, values: ParamValues<F>): TypedParam[] {
  return Object.entries(fields).flatMap(([field, type]) => {
    const value: unknown = values[field];
    if (value === undefined) return [];
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    return all.map((each) => ({ field, type, value: each }) as TypedParam);
  });
}
