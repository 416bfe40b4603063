import type { HostLinkId, Image, ImageId, ImagesEvent, MachineId } from '@limen/contract';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** The library of one host by id, as last known. */
export type HostImages = ReadonlyMap<ImageId, Image>;

/** A host that has no library, or has not told it yet, has no entry. */
export type ImagesByHost = ReadonlyMap<HostLinkId, HostImages>;

/** An image and the host it lies on: an id alone names it on that host only. */
export interface ImageEntry {
  readonly linkId: HostLinkId;
  readonly image: Image;
}

export const imagesStore = createStore<{ readonly hosts: ImagesByHost }>(() => ({ hosts: new Map() }));

export function useImages<T>(select: (state: { readonly hosts: ImagesByHost }) => T): T {
  return useStore(imagesStore, select);
}

/** Images that did not change keep their identity. */
export function applyImages(before: HostImages | undefined, event: ImagesEvent): HostImages {
  switch (event.type) {
    case 'snapshot':
      return new Map(event.images.map((image) => [image.id, image]));
    case 'changes': {
      const images = new Map(before);
      for (const image of event.upserted) images.set(image.id, image);
      for (const id of event.removed) images.delete(id);
      return images;
    }
  }
}

export function receiveImages(linkId: HostLinkId, event: ImagesEvent): void {
  const { hosts } = imagesStore.getState();
  imagesStore.setState({ hosts: new Map(hosts).set(linkId, applyImages(hosts.get(linkId), event)) });
}

/** Drop what belonged to hosts that were removed or signed out of. */
export function keepImages(keep: (linkId: HostLinkId) => boolean): void {
  const { hosts } = imagesStore.getState();
  const kept = [...hosts].filter(([linkId]) => keep(linkId));
  if (kept.length !== hosts.size) imagesStore.setState({ hosts: new Map(kept) });
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** As people sort: `disk 2` before `disk 10`; a total order. */
export function byImageName(a: Image, b: Image): number {
  return byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/** Images of all hosts by name. */
export function listImages(hosts: ImagesByHost): readonly ImageEntry[] {
  return [...hosts]
    .flatMap(([linkId, images]) => [...images.values()].map((image) => ({ linkId, image })))
    .sort((a, b) => byImageName(a.image, b.image));
}

/** Images a machine has a disk or drive on. */
export function imagesOfMachine(images: HostImages | undefined, machineId: MachineId): readonly Image[] {
  return [...(images?.values() ?? [])].filter((image) =>
    image.usedBy.some((user) => user.machineId === machineId),
  );
}

export function useAllImages(): readonly ImageEntry[] {
  const hosts = useImages((state) => state.hosts);
  return useMemo(() => listImages(hosts), [hosts]);
}

export function useImage(linkId: HostLinkId, imageId: ImageId): Image | undefined {
  return useImages((state) => state.hosts.get(linkId)?.get(imageId));
}
