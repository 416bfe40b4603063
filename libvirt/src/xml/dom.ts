import { type Document, type Element, type Node, XMLSerializer } from '@xmldom/xmldom';
import { assertXmlText } from './characters.ts';
import { orderOf } from './schema-order.ts';

/** What an attribute or a text may be given as. Booleans are libvirt's `yes` and `no`; null leaves it out. */
export type XmlValue = string | number | boolean | null | undefined;

/** An element to be created. Names are the caller's constants, values may be anybody's: they are always escaped. */
export interface ElementSpec {
  /** With a prefix when there is a `namespace`, unless that is to be the default inside the element. */
  readonly name: string;
  readonly namespace?: string;
  readonly attributes?: Readonly<Record<string, XmlValue>>;
  /** Text, or child elements; null and undefined among them are left out. */
  readonly content?: XmlValue | readonly (ElementSpec | null | undefined)[];
}

const INDENT = '  ';
const serialiser = new XMLSerializer();

/** @throws {RangeError} when a value holds a character that XML cannot carry. */
export function xmlText(value: NonNullable<XmlValue>): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = String(value);
  assertXmlText(text);
  return text;
}

export function serialise(node: Node): string {
  // A parser reads a bare carriage return as a line feed; one that is in the tree came from a reference.
  return serialiser.serializeToString(node, { requireWellFormed: true }).replaceAll('\r', '&#13;');
}

/** Create the element, and what is in it, as the last child of `parent`. */
export function appendSpec(document: Document, parent: Node, spec: ElementSpec): Element {
  const element = document.createElementNS(spec.namespace ?? null, spec.name);
  parent.appendChild(element);
  for (const [name, value] of Object.entries(spec.attributes ?? {})) {
    if (value !== null && value !== undefined) element.setAttribute(name, xmlText(value));
  }
  const { content } = spec;
  if (content === null || content === undefined) return element;
  if (typeof content !== 'object') {
    element.appendChild(document.createTextNode(xmlText(content)));
    return element;
  }
  for (const child of content) {
    if (child !== null && child !== undefined) appendSpec(document, element, child);
  }
  return element;
}

/** Much faster than the `children` of the library, which are collected anew whenever the document changed. */
export function* childElements(parent: Element): Generator<Element> {
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
    if (isElement(node)) yield node;
  }
}

export function isElement(node: Node): node is Element {
  return node.nodeType === node.ELEMENT_NODE;
}

export function isNamed(element: Element, name: string, namespace: string | null): boolean {
  return element.localName === name && (element.namespaceURI || null) === namespace;
}

/** Insert where libvirt would print it: before the first sibling that comes later, indented as its siblings are. */
export function insertInOrder(parent: Element, element: Element): void {
  const order = orderOf(parent.localName ?? '');
  const rank = order.indexOf(element.localName ?? '');
  const later =
    rank === -1
      ? undefined
      : [...parent.children].find(({ localName }) => order.indexOf(localName ?? '') > rank);
  const lineBreak = lineBreakInside(parent);
  if (later !== undefined) {
    parent.insertBefore(element, later);
    if (lineBreak !== null) parent.insertBefore(textNode(parent, lineBreak), later);
    return;
  }
  const tail = parent.lastChild;
  const closing = tail !== null && isBlankText(tail) && parent.children.length > 0 ? tail : null;
  if (lineBreak !== null) parent.insertBefore(textNode(parent, lineBreak), closing);
  parent.insertBefore(element, closing);
  if (lineBreak !== null && closing === null)
    parent.appendChild(textNode(parent, lineBreakBefore(parent) ?? '\n'));
}

/** Remove the element together with its line. */
export function removeNode(element: Element): void {
  const before = element.previousSibling;
  const parent = element.parentNode;
  if (parent === null) return;
  if (before !== null && isBlankText(before)) parent.removeChild(before);
  parent.removeChild(element);
  const rest = parent.firstChild;
  if (rest !== null && rest.nextSibling === null && isBlankText(rest)) parent.removeChild(rest);
}

/** The white space before a child of `parent`; null when the document is not indented. */
function lineBreakInside(parent: Element): string | null {
  const sibling = parent.children[0];
  if (sibling !== undefined) return lineBreakBefore(sibling);
  const own = lineBreakBefore(parent);
  return own === null ? null : own + INDENT;
}

function lineBreakBefore(element: Element): string | null {
  const before = element.previousSibling;
  if (before === null || !isBlankText(before)) return null;
  const text = before.nodeValue ?? '';
  return text.includes('\n') ? text.slice(text.lastIndexOf('\n')) : null;
}

function isBlankText(node: Node): boolean {
  return node.nodeType === node.TEXT_NODE && (node.nodeValue ?? '').trim() === '';
}

/** An element always has one; only documents have none. */
export function documentOf(element: Element): Document {
  const document = element.ownerDocument;
  if (document === null) throw new TypeError('an element without a document');
  return document;
}

function textNode(parent: Element, text: string): Node {
  return documentOf(parent).createTextNode(text);
}
