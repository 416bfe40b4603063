import { type Document, DOMImplementation, DOMParser, type Node, onWarningStopParsing } from '@xmldom/xmldom';
import { assertXmlText } from './characters.ts';
import { appendSpec, type ElementSpec, isElement, serialise } from './dom.ts';
import { XmlElement } from './xml-element.ts';

/** Far beyond any real document, and what libvirt's protocol carries in one string. */
const MAX_LENGTH = 4 * 1024 ** 2;
/** libxml2's own limit: what is deeper, libvirt refuses, too. */
const MAX_DEPTH = 256;

/** A text is not well-formed XML, or XML that libvirt never writes. Lines and columns count from 1. */
export class XmlSyntaxError extends SyntaxError {
  override readonly name = 'XmlSyntaxError';
  readonly line: number | null;
  readonly column: number | null;

  constructor(reason: string, line: number | null = null, column: number | null = null) {
    super(line === null ? reason : `${reason} (line ${line}, column ${column ?? 1})`);
    this.line = line;
    this.column = column;
  }
}

/**
 * A document that is changed in place: everything nobody asked to change (unknown elements and attributes,
 * comments, namespaces, order, white space) stays as it is. Only the quotes of attributes and the notation of
 * references are normalised.
 */
export class XmlDocument {
  readonly root: XmlElement;
  readonly #document: Document;

  private constructor(document: Document) {
    this.#document = document;
    if (document.documentElement === null) throw new XmlSyntaxError('no root element');
    this.root = new XmlElement(document.documentElement);
  }

  /**
   * @throws {XmlSyntaxError} when the text is not well-formed, declares a document type (the way entities are
   * abused), is deeper than 256 elements or longer than 4 Mi characters, or its root is not `rootName`.
   */
  static parse(text: string, rootName?: string): XmlDocument {
    if (text.length > MAX_LENGTH)
      throw new XmlSyntaxError(`${text.length} characters are more than the ${MAX_LENGTH} allowed`);
    const dom = parseDom(text);
    if (dom.doctype !== null) throw new XmlSyntaxError('a document type declaration is not allowed');
    checkTree(dom);
    const document = new XmlDocument(dom);
    if (rootName !== undefined && !document.root.is(rootName)) {
      throw new XmlSyntaxError(`the root element is <${document.root.qualifiedName}>, not <${rootName}>`);
    }
    return document;
  }

  /** A new document of one element. */
  static create(spec: ElementSpec): XmlDocument {
    const dom = new DOMImplementation().createDocument(null, '');
    appendSpec(dom, dom, spec);
    return new XmlDocument(dom);
  }

  toString(): string {
    return [...this.#document.childNodes].map((node) => declaration(node) ?? serialise(node)).join('');
  }
}

/** An element as XML text, e.g. for `domains.attachDevice`. Everything is escaped. */
export function renderXml(spec: ElementSpec): string {
  return XmlDocument.create(spec).toString();
}

/** The tree keeps the XML declaration as an instruction, which the serialiser rightly refuses to write as one. */
function declaration(node: Node): string | null {
  const isDeclaration = node.nodeType === node.PROCESSING_INSTRUCTION_NODE && node.nodeName === 'xml';
  return isDeclaration ? `<?xml ${node.nodeValue}?>` : null;
}

function parseDom(text: string): Document {
  let problem: XmlSyntaxError | null = null;
  const parser = new DOMParser({
    // The default follows XML 1.1 and would turn U+0085 and U+2028 of a user's text into line feeds.
    normalizeLineEndings: (source) => source.replaceAll(/\r\n?/g, '\n'),
    onError: (level, message, context) => {
      // A guess about encodings; the character is legal, and users paste it into descriptions.
      if (level === 'warning' && message.startsWith('Unicode replacement character')) return;
      const [line, column] = position(context);
      problem ??= new XmlSyntaxError(message, line, column);
      onWarningStopParsing();
    },
  });
  try {
    return parser.parseFromString(text.replace(/^\uFEFF/, ''), 'text/xml');
  } catch (error) {
    throw problem ?? new XmlSyntaxError(error instanceof Error ? error.message : String(error));
  }
}

/** The parser's context is untyped; before the first event it knows no position. */
function position(context: unknown): [line: number | null, column: number | null] {
  const { locator } = context as { locator?: { lineNumber?: number; columnNumber?: number } };
  return [locator?.lineNumber || null, locator?.columnNumber ?? null];
}

/** What the parser lets through: bottomless trees, and references to characters XML does not have. */
function checkTree(document: Document): void {
  let depth = 0;
  let node = document.firstChild;
  while (node !== null) {
    if (depth > MAX_DEPTH) throw new XmlSyntaxError(`elements are nested deeper than ${MAX_DEPTH}`);
    checkCharacters(node.nodeValue);
    if (isElement(node)) for (const { value } of node.attributes) checkCharacters(value);
    if (node.firstChild !== null) {
      depth += 1;
      node = node.firstChild;
      continue;
    }
    while (node !== null && node.nextSibling === null) {
      depth -= 1;
      node = node.parentNode === document ? null : node.parentNode;
    }
    node = node?.nextSibling ?? null;
  }
}

function checkCharacters(value: string | null): void {
  if (value === null) return;
  try {
    assertXmlText(value);
  } catch (error) {
    throw new XmlSyntaxError(error instanceof Error ? error.message : String(error));
  }
}
