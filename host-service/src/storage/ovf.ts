import { type XmlElement, XmlDocument, XmlSyntaxError } from 'node-libvirt';

/** CIM_ResourceAllocationSettingData's number of a disk drive (DMTF DSP1041). */
const DISK_DRIVE = '17';

/** A file that is a disk of the machine an OVF describes. */
export interface OvfDisk {
  /** As the OVF names it, which may be anything. */
  readonly href: string;
  readonly compressed: boolean;
  /** In pieces over several files. */
  readonly chunked: boolean;
}

/**
 * The disks of an OVF (DMTF DSP0243), in the order in which the machine has them; those that only the list of disks
 * names come last. Throws {@link XmlSyntaxError} when it is no OVF.
 */
export function readOvfDisks(text: string): OvfDisk[] {
  const { root } = XmlDocument.parse(text);
  if (root.name !== 'Envelope') throw new XmlSyntaxError(`the root element is <${root.qualifiedName}>`);
  const all = [...descendants(root)];
  const files = new Map(byName(all, 'File').map((file) => [attribute(file, 'id'), file]));
  const disks = byName(all, 'Disk');
  const fileOf = new Map(disks.map((disk) => [attribute(disk, 'diskId'), attribute(disk, 'fileRef')]));
  const attached = byName(all, 'Item')
    .filter((item) => textOf(item, 'ResourceType') === DISK_DRIVE)
    .map((item) => fileReference(textOf(item, 'HostResource'), fileOf));
  const references = new Set([...attached, ...fileOf.values()]);
  return [...references].flatMap((reference) => {
    const file = reference === null ? undefined : files.get(reference);
    return file === undefined ? [] : toDisk(file);
  });
}

function toDisk(file: XmlElement): OvfDisk[] {
  const href = attribute(file, 'href');
  if (href === null) return [];
  const compression = attribute(file, 'compression') ?? 'identity';
  const isCompressed = compression !== 'identity' && compression !== '';
  return [{ href, compressed: isCompressed, chunked: attribute(file, 'chunkSize') !== null }];
}

/** `ovf:/disk/<id>` or `ovf:/file/<id>`; the scheme was left out in version 0.9. */
function fileReference(
  resource: string | null,
  fileOf: ReadonlyMap<string | null, string | null>,
): string | null {
  const [, kind, id] = /^(?:ovf:)?\/(disk|file)\/(.+)$/.exec(resource?.trim() ?? '') ?? [];
  if (id === undefined) return null;
  return kind === 'file' ? id : (fileOf.get(id) ?? null);
}

function* descendants(element: XmlElement): Generator<XmlElement> {
  for (const child of element.elements()) {
    yield child;
    yield* descendants(child);
  }
}

/** Whatever the namespace: every version has its own. */
function byName(elements: readonly XmlElement[], name: string): XmlElement[] {
  return elements.filter((element) => element.name === name);
}

/** Whatever its prefix is. */
function attribute(element: XmlElement, name: string): string | null {
  const found = element.attributes().find((each) => each.name.replace(/^.*:/, '') === name);
  return found?.value ?? null;
}

function textOf(element: XmlElement, name: string): string | null {
  return element.elements().find((child) => child.name === name)?.text ?? null;
}
