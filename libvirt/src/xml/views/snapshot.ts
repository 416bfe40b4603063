import { exactText, required, text } from '../fields/field.ts';
import { assignFields, type Initial, withFields } from '../fields/field-view.ts';
import { elements, readRecord, type RecordOf, writeRecord } from '../fields/structure.ts';
import { readInteger } from '../quantity.ts';
import { XmlDocument } from '../xml-document.ts';
import { diskSource, type DiskSource } from './devices/disk-source.ts';
import { DomainXml } from './domain.ts';
import { DocumentView } from './xml-view.ts';

const disk = {
  /** The target (`vda`) or the path of the disk. */
  name: required(text('@name'), ''),
  snapshot: text<'internal' | 'external' | 'no' | 'manual'>('@snapshot'),
  /** Format of the new image. */
  format: text<'qcow2'>('driver/@type'),
};

/** What is done with a disk; of an external snapshot, `source` is the image that takes the writes from then on. */
export type SnapshotDisk = RecordOf<typeof disk> & { readonly source?: DiskSource };

const fields = {
  name: required(text('name'), ''),
  description: exactText('description'),
  /** Where the memory goes. */
  memory: text<'no' | 'internal' | 'external'>('memory/@snapshot'),
  memoryFile: text('memory/@file'),
  /** Disks that are not named are treated as the rest of the snapshot suggests. */
  disks: elements<SnapshotDisk>('disks/disk', {
    read: (element) => {
      const source = diskSource.read(element);
      return { ...readRecord(element, disk), ...(source !== null && { source }) };
    },
    write: (element, value) => {
      diskSource.write(element, value.source ?? null);
      writeRecord(element, disk, value);
    },
  }),
};

/** The description of a domain's snapshot. */
export class SnapshotXml extends withFields(DocumentView, fields) {
  /** @throws {XmlSyntaxError} when the text is no `<domainsnapshot>` document. */
  static parse(text: string): SnapshotXml {
    return new SnapshotXml(XmlDocument.parse(text, 'domainsnapshot'));
  }

  /** libvirt makes up a name unless given. */
  static create(options: Initial<typeof fields>): SnapshotXml {
    const snapshot = new SnapshotXml(XmlDocument.create({ name: 'domainsnapshot' }));
    assignFields(snapshot.root, fields, options);
    return snapshot;
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

  /** The definition as it was, in a document of its own; null when libvirt does not tell. */
  get domain(): DomainXml | null {
    const domain = this.root.child('domain');
    return domain && DomainXml.parse(domain.toString());
  }

  /** What the next start would have got then; as {@link domain} where the two did not differ. */
  get storedDomain(): DomainXml | null {
    const inactive = this.root.child('inactiveDomain');
    if (inactive === null) return this.domain;
    const document = XmlDocument.create({ name: 'domain' });
    for (const { name, value } of inactive.attributes()) document.root.setAttribute(name, value);
    for (const part of inactive.elements()) document.root.addCopy(part);
    return new DomainXml(document);
  }

  /** The definitions in it name another file where they named this one. */
  replaceFile(from: string, to: string): void {
    for (const name of ['domain', 'inactiveDomain']) {
      for (const disk of this.root.find(`${name}/devices`)?.children('disk') ?? []) {
        if (disk.get('source/@file') !== from) continue;
        disk.set('source/@file', to);
        disk.child('backingStore')?.remove();
      }
    }
  }
}
