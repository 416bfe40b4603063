import type { ElementSpec } from '../dom.ts';
import { readBytes, writeBytes } from '../quantity.ts';
import type { XmlDocument } from '../xml-document.ts';
import type { XmlElement } from '../xml-element.ts';

/** Typed access to one element. What has no accessor here is reached through `element`. */
export abstract class XmlView {
  readonly element: XmlElement;

  constructor(element: XmlElement) {
    this.element = element;
  }

  toString(): string {
    return this.element.toString();
  }
}

/** Typed access to a document. What has no accessor here is reached through `root`. */
export abstract class DocumentView {
  readonly document: XmlDocument;

  constructor(document: XmlDocument) {
    this.document = document;
  }

  get root(): XmlElement {
    return this.document.root;
  }

  /** The root, as views of single elements have theirs. */
  get element(): XmlElement {
    return this.document.root;
  }

  toString(): string {
    return this.document.toString();
  }

  protected bytes(name: string, defaultUnit: 'bytes' | 'KiB'): number | null {
    return readBytes(this.root.child(name), defaultUnit);
  }

  protected setBytes(name: string, bytes: number): void {
    writeBytes(this.root.ensure(name), bytes);
  }
}

/** A document that carries a name and a UUID, and the same elements for people and for programs. */
export abstract class NamedDocument extends DocumentView {
  get name(): string {
    return this.root.get('name') ?? '';
  }

  set name(value: string) {
    this.root.set('name', value);
  }

  /** null before libvirt has chosen one. */
  get uuid(): string | null {
    return this.root.get('uuid');
  }

  set uuid(value: string | null) {
    this.root.set('uuid', value);
  }

  get title(): string | null {
    return this.root.child('title')?.text ?? null;
  }

  /** One line; libvirt refuses line breaks. */
  set title(value: string | null) {
    this.root.set('title', value);
  }

  /** Exactly as it was written, line breaks included. */
  get description(): string | null {
    return this.root.child('description')?.text ?? null;
  }

  set description(value: string | null) {
    this.root.set('description', value);
  }

  /** The element a program keeps under `<metadata>`; each has a namespace of its own. */
  metadata(namespace: string): XmlElement | null {
    const elements = this.root.child('metadata')?.elements() ?? [];
    return elements.find((element) => element.namespace === namespace) ?? null;
  }

  /** Replace what this namespace keeps, and nothing else; null removes it. */
  setMetadata(namespace: string, spec: ElementSpec | null): void {
    this.metadata(namespace)?.remove();
    if (spec !== null) this.root.ensure('metadata').add({ ...spec, namespace });
    else if (this.root.child('metadata')?.elements().length === 0) this.root.set('metadata', null);
  }
}
