import { type ImageId, imageId, type UserId } from '@limen/contract';
import type { ElementSpec, XmlElement } from 'node-libvirt';
import type { HypervisorMachine } from '../ports/hypervisor.ts';

/** Namespace of LIMEN's element in a domain's `<metadata>`; libvirt keeps such elements as they are. */
export const METADATA_NAMESPACE = 'urn:limen:machine:1';

/** What virt-manager and virt-install keep there: which operating system it is. */
export const LIBOSINFO_NAMESPACE = 'http://libosinfo.org/xmlns/libvirt/domain/1.0';

/** What LIMEN keeps in the definition itself, so that a lost database can be rebuilt from libvirt. */
export type MachineMetadata = Pick<
  HypervisorMachine,
  'managed' | 'tags' | 'presetId' | 'imageId' | 'linkedTo' | 'installing' | 'trashed'
>;

export const NO_METADATA: MachineMetadata = {
  managed: false,
  tags: [],
  presetId: null,
  imageId: null,
  linkedTo: null,
  installing: false,
  trashed: null,
};

/**
 * `<limen:machine preset image linked installing>` with `<limen:tag>`s and, in the trash, `<limen:trash>`. Others can
 * write there too: what makes no sense counts as absent.
 */
export function readMachineMetadata(machine: XmlElement | null): MachineMetadata {
  if (machine === null || !machine.is('machine', METADATA_NAMESPACE)) return NO_METADATA;
  const image = imageId.safeParse(machine.attribute('image')).data ?? null;
  return {
    managed: true,
    tags: machine.children('tag', METADATA_NAMESPACE).map((element) => element.text.trim()),
    presetId: machine.attribute('preset'),
    imageId: image,
    linkedTo: machine.attribute('linked') === 'yes' ? image : null,
    installing: machine.attribute('installing') === 'yes',
    trashed: trashOf(machine.child('trash', METADATA_NAMESPACE)),
  };
}

function trashOf(trash: XmlElement | null): MachineMetadata['trashed'] {
  if (trash === null) return null;
  const at = instant(trash.attribute('at'));
  const purgeAt = instant(trash.attribute('purge-at'));
  if (at === null || purgeAt === null) return null;
  return {
    at,
    purgeAt,
    by: trash.attribute('by') ?? '',
    name: trash.attribute('name') ?? '',
    ...(trash.attribute('autostart') === 'yes' && { autostart: true }),
  };
}

function instant(text: string | null): string | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** {@link MachineMetadata} as it is written, and who the machine was made for. */
export interface WrittenMetadata {
  readonly tags: readonly string[];
  readonly presetId: string | null;
  readonly imageId: ImageId | null;
  readonly linked: boolean;
  readonly installing: boolean;
  readonly trashed: MachineMetadata['trashed'];
  /** The database decides; this is what it can be rebuilt from. */
  readonly owner: { readonly id: UserId | string; readonly username: string } | null;
}

/** Everything that was read, to be changed and written again. */
export function writableMetadata(machine: XmlElement | null): WrittenMetadata {
  const { tags, presetId, imageId: image, linkedTo, installing, trashed } = readMachineMetadata(machine);
  const owner = machine?.child('owner', METADATA_NAMESPACE) ?? null;
  return {
    tags,
    presetId,
    imageId: image,
    linked: linkedTo !== null,
    installing,
    trashed,
    owner: owner && { id: owner.attribute('id') ?? '', username: owner.attribute('name') ?? '' },
  };
}

/** The element {@link readMachineMetadata} reads. */
export function metadataElement(metadata: WrittenMetadata): ElementSpec {
  const { tags, presetId, imageId: image, linked, installing, trashed, owner } = metadata;
  const child = (name: string, rest: Pick<ElementSpec, 'attributes' | 'content'>): ElementSpec => ({
    name: `limen:${name}`,
    namespace: METADATA_NAMESPACE,
    ...rest,
  });
  return {
    name: 'limen:machine',
    namespace: METADATA_NAMESPACE,
    attributes: {
      preset: presetId,
      image,
      linked: linked ? true : null,
      installing: installing ? true : null,
    },
    content: [
      owner && child('owner', { attributes: { id: owner.id, name: owner.username } }),
      ...tags.map((tag) => child('tag', { content: tag })),
      trashed &&
        child('trash', {
          attributes: {
            at: trashed.at,
            'purge-at': trashed.purgeAt,
            by: trashed.by,
            name: trashed.name,
            autostart: trashed.autostart ? true : null,
          },
        }),
    ],
  };
}

/** The same for `setMetadata`, which puts an element into the namespace itself. */
export function bareMetadataElement(metadata: WrittenMetadata): ElementSpec {
  return bare(metadataElement(metadata));
}

function bare({ name, attributes, content }: ElementSpec): ElementSpec {
  return {
    name: name.slice(name.indexOf(':') + 1),
    ...(attributes && { attributes }),
    content: Array.isArray(content)
      ? content.map((child: ElementSpec | null | undefined) => child && bare(child))
      : content,
  };
}
