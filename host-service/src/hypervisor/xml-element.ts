import { XMLParser } from 'fast-xml-parser';

const ATTRIBUTE = '@';
const TEXT = '#text';

/**
 * Names lose their prefix (metadata elements choose theirs freely) and nothing is converted. libvirt escapes
 * every special character of a user's text, so the number of references grows with that text: the limits are
 * set for libvirt's largest string, while document types, the way entities are abused, are not read at all.
 */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE,
  textNodeName: TEXT,
  alwaysCreateTextNode: true,
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  htmlEntities: false,
  processEntities: { enabled: true, maxTotalExpansions: 4_194_304, maxExpandedLength: 4_194_304 },
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});

/** One element of a parsed document, read-only. */
export class XmlElement {
  readonly #node: Readonly<Record<string, unknown>>;

  private constructor(node: unknown) {
    this.#node = typeof node === 'object' && node !== null ? (node as Readonly<Record<string, unknown>>) : {};
  }

  /** The root element if it has this name. Throws SyntaxError otherwise. */
  static parse(xml: string, rootName: string): XmlElement {
    const root = new XmlElement(parser.parse(xml)).child(rootName);
    if (root === null) throw new SyntaxError(`no <${rootName}> element`);
    return root;
  }

  children(name: string): XmlElement[] {
    const nodes = this.#node[name];
    return Array.isArray(nodes) ? nodes.map((node) => new XmlElement(node)) : [];
  }

  child(name: string): XmlElement | null {
    return this.children(name)[0] ?? null;
  }

  attribute(name: string): string | null {
    const value = this.#node[ATTRIBUTE + name];
    return typeof value === 'string' ? value : null;
  }

  /** Trimmed; empty when there is none. */
  get text(): string {
    const value = this.#node[TEXT];
    return typeof value === 'string' ? value.trim() : '';
  }
}
