import type { XmlElement } from '../xml-element.ts';
import type { FieldValue, Fields } from './structure.ts';

/** The fields as properties of a view: reading and assigning goes to the tree. */
export type FieldProperties<F extends Fields> = { -readonly [K in keyof F]: FieldValue<F[K]> };

/** Values to begin with; what is left out, or undefined, stays unsaid. */
export type InitialValues<F extends Fields> = {
  readonly [K in keyof F]?: FieldValue<F[K]> | undefined;
};

/** {@link InitialValues} of which some have to be given. */
export type Initial<F extends Fields, Required extends keyof F = never> = InitialValues<F> & {
  readonly [K in Required]-?: NonNullable<FieldValue<F[K]>>;
};

interface HasElement {
  readonly element: XmlElement;
}

type Constructor<T, Argument = XmlElement> = abstract new (argument: Argument) => T;

/**
 * Derive a view whose properties are these fields: one declaration serves reading, changing and creating.
 *
 * ```ts
 * class Sound extends withFields(Device, { model: text('@model') }) {}
 * ```
 */
export function withFields<Base extends HasElement, Argument, F extends Fields>(
  base: Constructor<Base, Argument>,
  fields: F,
): Constructor<Base & FieldProperties<F>, Argument> {
  // oxlint-disable-next-line typescript/no-extraneous-class -- its properties are defined below
  abstract class View extends (base as Constructor<HasElement, Argument>) {}
  for (const [name, field] of Object.entries(fields)) {
    Object.defineProperty(View.prototype, name, {
      get(this: HasElement) {
        return field.read(this.element);
      },
      set(this: HasElement, value: unknown) {
        field.write(this.element, value);
      },
      enumerable: true,
    });
  }
  return View as unknown as Constructor<Base & FieldProperties<F>, Argument>;
}

/** Assign the given values to a view or document, in the order of their declaration. */
export function assignFields<F extends Fields>(
  target: XmlElement,
  fields: F,
  values: InitialValues<F>,
): void {
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name];
    if (value !== undefined) field.write(target, value);
  }
}
