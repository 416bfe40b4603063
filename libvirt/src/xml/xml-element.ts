import type { Element } from '@xmldom/xmldom';
import {
  appendSpec,
  childElements,
  documentOf,
  type ElementSpec,
  insertInOrder,
  isNamed,
  removeNode,
  serialise,
  type XmlValue,
  xmlText,
} from './dom.ts';

/** One attribute: its name as written, prefix included. */
export interface XmlAttribute {
  readonly name: string;
  readonly value: string;
}

/**
 * One element of a document, changed in place. Names of children are local names; without a namespace they mean
 * libvirt's own elements, which have none, so that metadata can never pass for them.
 *
 * Paths go from an element to an attribute or a child's text: `@type`, `name`, `os/type/@arch`.
 */
export class XmlElement {
  readonly #element: Element;

  constructor(element: Element) {
    this.#element = element;
  }

  get name(): string {
    return this.#element.localName ?? this.#element.tagName;
  }

  /** As written, with its prefix. */
  get qualifiedName(): string {
    return this.#element.tagName;
  }

  get namespace(): string | null {
    return this.#element.namespaceURI || null;
  }

  is(name: string, namespace: string | null = null): boolean {
    return isNamed(this.#element, name, namespace);
  }

  /** Whether both wrap the same element of the same document. */
  isSame(other: XmlElement): boolean {
    return this.#element === other.#element;
  }

  /** Exactly as it stands there, white space included. */
  get text(): string {
    return this.#element.textContent ?? '';
  }

  /** Replaces everything in the element. */
  set text(value: string) {
    this.#element.textContent = xmlText(value);
  }

  attribute(name: string): string | null {
    return this.#element.getAttribute(name);
  }

  /** null removes it. */
  setAttribute(name: string, value: XmlValue): void {
    if (value === null || value === undefined) this.#element.removeAttribute(name);
    else this.#element.setAttribute(name, xmlText(value));
  }

  attributes(): XmlAttribute[] {
    return [...this.#element.attributes].map(({ name, value }) => ({ name, value }));
  }

  /** All child elements, of any name and namespace. */
  elements(): XmlElement[] {
    return Array.from(childElements(this.#element), (child) => new XmlElement(child));
  }

  children(name: string, namespace: string | null = null): XmlElement[] {
    const found: XmlElement[] = [];
    for (const child of childElements(this.#element)) {
      if (isNamed(child, name, namespace)) found.push(new XmlElement(child));
    }
    return found;
  }

  /** The first one. */
  child(name: string, namespace: string | null = null): XmlElement | null {
    for (const child of childElements(this.#element)) {
      if (isNamed(child, name, namespace)) return new XmlElement(child);
    }
    return null;
  }

  /** The first child of that name, created in its place when there is none. */
  ensure(name: string): XmlElement {
    return this.child(name) ?? this.add({ name });
  }

  /** Create a child where libvirt would print it. */
  add(spec: ElementSpec): XmlElement {
    const child = appendSpec(documentOf(this.#element), this.#element, spec);
    this.#element.removeChild(child);
    insertInOrder(this.#element, child);
    return new XmlElement(child);
  }

  /** Put a copy of an element, which may be of another document, where libvirt would print it. */
  addCopy(original: XmlElement): XmlElement {
    const child = documentOf(this.#element).importNode(original.#element, true);
    insertInOrder(this.#element, child);
    return new XmlElement(child);
  }

  remove(): void {
    removeNode(this.#element);
  }

  /** Replace all children of these names by new ones. */
  replaceChildren(name: string, specs: readonly ElementSpec[]): void {
    for (const old of this.children(name)) old.remove();
    for (const spec of specs) this.add(spec);
  }

  /** The first element on a path of names; null when it is not there. An empty path is the element itself. */
  find(path: string): XmlElement | null {
    return follow(this, names(path));
  }

  /** As {@link find}, creating what is missing on the way. */
  reach(path: string): XmlElement {
    return names(path).reduce<XmlElement>((element, name) => element.ensure(name), this);
  }

  /** The attribute's value, or the trimmed text of the first element on the path; null when it is not there. */
  get(path: string): string | null {
    const { steps, attribute } = splitPath(path);
    const end = follow(this, steps);
    if (end === null) return null;
    return attribute === null ? end.text.trim() : end.attribute(attribute);
  }

  /** Remove the attribute or element a path ends at, and the elements on the way which that leaves empty. */
  erase(path: string): void {
    const { steps, attribute } = splitPath(path);
    const end = follow(this, steps);
    if (end === null || (attribute !== null && end.attribute(attribute) === null)) return;
    const way = steps.map((_step, index) => follow(this, steps.slice(0, index + 1)));
    if (attribute === null) way.pop()?.remove();
    else end.setAttribute(attribute, null);
    for (const element of way.toReversed()) {
      if (element === null || !element.isEmpty) return;
      element.remove();
    }
  }

  /** No attributes, and nothing in it but white space. */
  get isEmpty(): boolean {
    const isBlank = [...this.#element.childNodes].every(
      (node) => node.nodeType === node.TEXT_NODE && (node.nodeValue ?? '').trim() === '',
    );
    return isBlank && this.#element.attributes.length === 0;
  }

  /** Elements on the way are created; null removes the attribute or element the path ends at. */
  set(path: string, value: XmlValue): void {
    const { steps, attribute } = splitPath(path);
    if (value === null || value === undefined) {
      const end = follow(this, steps);
      if (attribute === null) end?.remove();
      else end?.setAttribute(attribute, null);
      return;
    }
    // Refused before anything is made for it.
    const written = xmlText(value);
    const end = this.reach(steps.join('/'));
    if (attribute === null) end.text = written;
    else end.setAttribute(attribute, written);
  }

  has(name: string): boolean {
    return this.child(name) !== null;
  }

  /** Create or remove an empty element that is a statement by being there, such as `<readonly/>`. */
  setPresent(name: string, present: boolean): void {
    if (present) this.ensure(name);
    else this.child(name)?.remove();
  }

  /** The element alone, as text; namespaces declared outside are declared on it. */
  toString(): string {
    return serialise(this.#element);
  }
}

function names(path: string): string[] {
  return path === '' ? [] : path.split('/');
}

function follow(start: XmlElement, steps: readonly string[]): XmlElement | null {
  return steps.reduce<XmlElement | null>((element, step) => element?.child(step) ?? null, start);
}

function splitPath(path: string): { steps: string[]; attribute: string | null } {
  const steps = path.split('/');
  const last = steps.at(-1) ?? '';
  if (!last.startsWith('@')) return { steps, attribute: null };
  return { steps: steps.slice(0, -1), attribute: last.slice(1) };
}
