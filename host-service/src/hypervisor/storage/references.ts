import {
  type DomainRef,
  DomainXml,
  isNoDomain,
  type LibvirtClient,
  procedures,
  SnapshotXml,
  XmlFlag,
  type XmlElement,
} from 'node-libvirt';
import type { DefinitionWords, StorageReferences } from '../../ports/storage-volumes.ts';
import { translated } from '../errors.ts';
import { mapConcurrently } from '../map-concurrently.ts';

const { connect, domains, snapshots } = procedures;

const AT_ONCE = 4;

/** The port `StorageReferences` on a libvirt connection. */
export class LibvirtStorageReferences implements StorageReferences {
  readonly #client: LibvirtClient;

  constructor(client: LibvirtClient) {
    this.#client = client;
  }

  all(): Promise<DefinitionWords[]> {
    return translated(async () => {
      const known = await this.#client.call(connect.listAllDomains, {});
      const read = await mapConcurrently(known, AT_ONCE, (domain) => this.#readOrNull(domain));
      return read.filter((words) => words !== null);
    });
  }

  async #readOrNull(domain: DomainRef): Promise<DefinitionWords | null> {
    try {
      return await this.#read(domain);
    } catch (error) {
      // It vanished meanwhile.
      if (isNoDomain(error)) return null;
      throw error;
    }
  }

  async #read(domain: DomainRef): Promise<DefinitionWords> {
    const inactive = { domain, flags: XmlFlag.inactive };
    const [stored, present, active, saved, taken] = await Promise.all([
      this.#client.call(domains.getXmlDesc, inactive),
      // Of a running machine with the images under its disks, and where block jobs write to.
      this.#client.call(domains.getXmlDesc, { domain }),
      this.#client.call(domains.isActive, { domain }),
      this.#client.call(domains.hasManagedSaveImage, { domain }),
      this.#client.call(snapshots.list, { domain }),
    ]);
    const documents = [DomainXml.parse(stored).root, DomainXml.parse(present).root];
    if (saved) {
      const text = await this.#client.call(domains.managedSaveGetXmlDesc, { domain });
      documents.push(DomainXml.parse(text).root);
    }
    for (const snapshot of taken) {
      const text = await this.#client.call(snapshots.getXmlDesc, { snapshot });
      documents.push(SnapshotXml.parse(text).root);
    }
    const words = new Set<string>();
    const volumes: { pool: string; volume: string }[] = [];
    for (const root of documents) collect(root, words, volumes);
    return { machineId: domain.uuid, name: domain.name, running: active, words, volumes };
  }
}

/**
 * Every text and attribute with a slash in it, wherever it stands: elements that name files are many, and new
 * versions of libvirt have more. A word that is no path harms nobody.
 */
function collect(element: XmlElement, words: Set<string>, volumes: { pool: string; volume: string }[]): void {
  const [pool, volume] = [element.attribute('pool'), element.attribute('volume')];
  if (pool !== null && volume !== null) volumes.push({ pool, volume });
  for (const { value } of element.attributes()) if (value.includes('/')) words.add(value);
  const children = element.elements();
  if (children.length === 0) {
    const text = element.text.trim();
    if (text.includes('/')) words.add(text);
  }
  for (const child of children) collect(child, words, volumes);
}
