import type { ElementSpec } from '../dom.ts';
import type { XmlElement } from '../xml-element.ts';
import type { Field } from './field.ts';

/** Fields by the names they have in TypeScript. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

export type FieldValue<F> = F extends Field<infer T> ? T : never;

/** Whether an element can go without saying it. */
type IsOptional<T> = null extends T ? true : T extends readonly unknown[] ? true : false;

/** What an element says, as plain data: what it leaves out, and lists without items, are not there. */
export type RecordOf<F extends Fields> = {
  readonly [K in keyof F as IsOptional<FieldValue<F[K]>> extends true ? never : K]: FieldValue<F[K]>;
} & {
  readonly [K in keyof F as IsOptional<FieldValue<F[K]>> extends true ? K : never]?:
    | NonNullable<FieldValue<F[K]>>
    | undefined;
};

/** What an element says in these fields. */
export function readRecord<F extends Fields>(element: XmlElement, fields: F): RecordOf<F> {
  const entries = Object.entries(fields)
    .map(([name, field]) => [name, field.read(element)] as const)
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(entries) as RecordOf<F>;
}

/** Make the element say exactly this in these fields; everything else in it stays. */
export function writeRecord<F extends Fields>(element: XmlElement, fields: F, record: RecordOf<F>): void {
  const values: Readonly<Record<string, unknown>> = record;
  for (const [name, field] of Object.entries(fields)) field.write(element, values[name] ?? null);
}

/** One element as a whole. Assigning replaces what it says in these fields; null removes the element. */
export function record<F extends Fields>(path: string, fields: F): Field<RecordOf<F> | null> {
  return {
    read: (element) => {
      const found = element.find(path);
      return found && readRecord(found, fields);
    },
    write: (element, value) => {
      if (value === null) element.erase(path);
      else writeRecord(element.reach(path), fields, value);
    },
  };
}

/** All elements of a name, in order, e.g. `list('dns/host', …)`. Assigning replaces them all. */
export function list<F extends Fields>(path: string, fields: F): Field<readonly RecordOf<F>[]> {
  return elements(path, {
    read: (element) => readRecord(element, fields),
    write: (element, value) => writeRecord(element, fields, value),
  });
}

/** The same value of all elements of a name, e.g. `texts('os/boot', '@dev')`; without an attribute their text. */
export function texts(path: string, attribute: `@${string}` | null = null): Field<readonly string[]> {
  return elements(path, {
    read: (element) => (attribute === null ? element.text.trim() : (element.get(attribute) ?? '')),
    write: (element, value) => {
      if (attribute === null) element.text = value;
      else element.set(attribute, value);
    },
  });
}

/** All elements of a name through one field each. */
export function elements<T>(path: string, item: Field<T>): Field<readonly T[]> {
  const { parent, name } = splitLast(path);
  return {
    read: (element) => (element.find(parent)?.children(name) ?? []).map((child) => item.read(child)),
    write: (element, values) => {
      const old = element.find(parent)?.children(name) ?? [];
      for (const child of old) child.remove();
      for (const value of values ?? []) item.write(element.reach(parent).add({ name }), value);
      if (old.length > 0 && parent !== '' && element.find(parent)?.isEmpty === true) element.erase(parent);
    },
  };
}

/** All attributes of one element, by their names. */
export function attributes(path: string): Field<Readonly<Record<string, string>> | null> {
  return {
    read: (element) => {
      const found = element.find(path);
      return found && Object.fromEntries(found.attributes().map(({ name, value }) => [name, value]));
    },
    write: (element, value) => {
      if (value === null) {
        element.erase(path);
        return;
      }
      const target = element.reach(path);
      for (const { name } of target.attributes()) target.setAttribute(name, null);
      for (const [name, text] of Object.entries(value)) target.setAttribute(name, text);
    },
  };
}

/** Named texts, as `<entry name='serial'>…</entry>`. */
export function entries(path: string, name: string): Field<Readonly<Record<string, string>> | null> {
  return {
    read: (element) => {
      const found = element.find(path)?.children(name);
      return found === undefined
        ? null
        : Object.fromEntries(found.map((entry) => [entry.attribute('name') ?? '', entry.text.trim()]));
    },
    write: (element, value) => {
      if (value === null) {
        element.erase(path);
        return;
      }
      const specs = Object.entries(value).map<ElementSpec>(([key, content]) => ({
        name,
        attributes: { name: key },
        content,
      }));
      element.reach(path).replaceChildren(name, specs);
    },
  };
}

/** One element whose content depends on a kind, with a function for each direction. */
export function variant<T>(
  read: (element: XmlElement) => T | null,
  write: (element: XmlElement, value: T | null) => void,
): Field<T | null> {
  return { read, write };
}

function splitLast(path: string): { parent: string; name: string } {
  const end = path.lastIndexOf('/');
  return end === -1 ? { parent: '', name: path } : { parent: path.slice(0, end), name: path.slice(end + 1) };
}
