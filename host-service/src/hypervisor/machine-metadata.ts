import { imageId } from '@limen/contract';
import type { XmlElement } from 'node-libvirt';
import type { HypervisorMachine } from '../ports/hypervisor.ts';

/** Namespace of LIMEN's element in a domain's `<metadata>`; libvirt keeps such elements as they are. */
export const METADATA_NAMESPACE = 'urn:limen:machine:1';

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
  return { at, purgeAt, by: trash.attribute('by') ?? '', name: trash.attribute('name') ?? '' };
}

function instant(text: string | null): string | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
