import { inUnit, parseBytes, parseInteger, writeBytes } from '../quantity.ts';
import type { XmlElement } from '../xml-element.ts';

/** One value of an element, read from and written to the tree. null means that the document does not say. */
export interface Field<T> {
  read(element: XmlElement): T;
  /** null takes back what was said, together with elements on the way that said nothing else. */
  write(element: XmlElement, value: T): void;
}

/** Values libvirt documents; others are what a newer libvirt may write. */
export type Known<T extends string> = T | (string & Record<never, never>);

/** An attribute or a text, by its path from the element: `@type`, `os/type/@arch`, `serial`. */
export function text<T extends string = string>(path: string): Field<Known<T> | null> {
  return {
    read: (element) => element.get(path),
    write: (element, value) => (value === null ? erase(element, path) : element.set(path, value)),
  };
}

/** A text exactly as it stands there, line breaks included. */
export function exactText(name: string): Field<string | null> {
  return {
    read: (element) => element.child(name)?.text ?? null,
    write: (element, value) => element.set(name, value),
  };
}

/** The text of the element itself, next to its attributes. */
export function ownText<T extends string = string>(): Field<Known<T> | null> {
  return {
    read: (element) => element.text.trim() || null,
    write: (element, value) => {
      if ((element.text.trim() || null) !== value) element.text = value ?? '';
    },
  };
}

/** @throws {RangeError} on reading what is no exact whole number. */
export function integer(path: string): Field<number | null> {
  return {
    read: (element) => {
      const value = element.get(path);
      return value === null || value === '' ? null : parseInteger(value);
    },
    write: (element, value) => {
      if (value === null) erase(element, path);
      else element.set(path, parseInteger(String(value)));
    },
  };
}

/** A number in hexadecimal, as libvirt writes addresses and identifiers: `0x1af4`, with at least `digits` digits. */
export function hexadecimal(path: string, digits: number): Field<number | null> {
  return {
    read: (element) => {
      const value = element.get(path);
      return value === null ? null : Number(value);
    },
    write: (element, value) => {
      if (value === null) erase(element, path);
      else element.set(path, `0x${value.toString(16).padStart(digits, '0')}`);
    },
  };
}

/** libvirt's two spellings of a choice between two. */
const CHOICES = { yesNo: ['yes', 'no'], onOff: ['on', 'off'] } as const;

/** An attribute that is `yes` or `no`. */
export function yesNo(path: string): Field<boolean | null> {
  return choice(path, 'yesNo');
}

/** An attribute that is `on` or `off`. */
export function onOff(path: string): Field<boolean | null> {
  return choice(path, 'onOff');
}

function choice(path: string, kind: keyof typeof CHOICES): Field<boolean | null> {
  const [yes, no] = CHOICES[kind];
  return {
    read: (element) => {
      const value = element.get(path);
      return value === null ? null : value === yes;
    },
    write: (element, value) => (value === null ? erase(element, path) : element.set(path, value ? yes : no)),
  };
}

/** An element that is a statement by being there, such as `<readonly/>`. */
export function present(path: string): Field<boolean> {
  return {
    read: (element) => element.find(path) !== null,
    write: (element, value) => {
      if (value) element.reach(path);
      else erase(element, path);
    },
  };
}

/** As {@link present}, for records: true or left out. */
export function mark(path: string): Field<true | null> {
  const field = present(path);
  return {
    read: (element) => (field.read(element) ? true : null),
    write: (element, value) => field.write(element, value === true),
  };
}

/** A feature that is on by being there, and by its `state` if it has one: `<smm state='on'/>`. */
export function feature(path: string): Field<boolean | null> {
  return {
    read: (element) => {
      const found = element.find(path);
      return found && found.attribute('state') !== 'off';
    },
    write: (element, value) => {
      if (value === null) erase(element, path);
      else element.reach(path).setAttribute('state', value ? 'on' : 'off');
    },
  };
}

type SizeUnit = 'bytes' | 'KiB' | 'MiB';

/** A size in an element of its own; `defaultUnit` is what its number means without a unit. Bytes. */
export function size(path: string, defaultUnit: SizeUnit): Field<number | null> {
  return {
    read: (element) => {
      const found = element.find(path);
      return found && parseBytes(found.text.trim(), found.attribute('unit') ?? defaultUnit);
    },
    write: (element, value) => {
      if (value === null) erase(element, path);
      else writeBytes(element.reach(path), value);
    },
  };
}

/** As {@link size}, of the element itself. */
export function ownSize(defaultUnit: SizeUnit): Field<number | null> {
  return {
    read: (element) => parseBytes(element.text.trim(), element.attribute('unit') ?? defaultUnit),
    write: (element, value) => {
      if (value !== null) writeBytes(element, value);
    },
  };
}

/** A size in an attribute, whose unit is in the attribute `unit` beside it. Bytes. */
export function sizeAttribute(name: string, defaultUnit: 'bytes' | 'KiB'): Field<number | null> {
  return {
    read: (element) => {
      const value = element.attribute(name);
      return value === null ? null : parseBytes(value, element.attribute('unit') ?? defaultUnit);
    },
    write: (element, value) => {
      const size = value === null ? null : inUnit(value);
      element.setAttribute(name, size?.amount);
      element.setAttribute('unit', size?.unit);
    },
  };
}

/** A value that has to be there; `missing` stands for it in documents that leave it out. */
export function required<T>(field: Field<T | null>, missing: NoInfer<T>): Field<T> {
  return {
    read: (element) => field.read(element) ?? missing,
    write: (element, value) => field.write(element, value),
  };
}

function erase(element: XmlElement, path: string): void {
  element.erase(path);
}
