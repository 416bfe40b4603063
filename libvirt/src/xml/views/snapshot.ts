import { readInteger } from '../quantity.ts';
import { XmlDocument } from '../xml-document.ts';
import { DocumentView } from './xml-view.ts';

/** The description of a domain's snapshot. */
export class SnapshotXml extends DocumentView {
  /** @throws {XmlSyntaxError} when the text is no `<domainsnapshot>` document. */
  static parse(text: string): SnapshotXml {
    return new SnapshotXml(XmlDocument.parse(text, 'domainsnapshot'));
  }

  static create(name: string, description?: string): SnapshotXml {
    const content = [
      { name: 'name', content: name },
      description === undefined ? null : { name: 'description', content: description },
    ];
    return new SnapshotXml(XmlDocument.create({ name: 'domainsnapshot', content }));
  }

  get name(): string {
    return this.root.get('name') ?? '';
  }

  set name(value: string) {
    this.root.set('name', value);
  }

  get description(): string | null {
    return this.root.child('description')?.text ?? null;
  }

  set description(value: string | null) {
    this.root.set('description', value);
  }

  /** State of the domain at that moment: `running`, `shutoff`, `paused`, `disk-snapshot`, … */
  get state(): string | null {
    return this.root.get('state');
  }

  get parent(): string | null {
    return this.root.get('parent/name');
  }

  /** Seconds since 1970. */
  get creationTime(): number | null {
    return readInteger(this.root.get('creationTime'));
  }

  /** Where the memory went: `no`, `internal` or `external`. */
  get memory(): string | null {
    return this.root.get('memory/@snapshot');
  }

  set memory(value: string) {
    this.root.set('memory/@snapshot', value);
  }
}
