import type { HostLinkId, Upload } from '@limen/contract';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

interface UploadsState {
  /** In the order the person began them. Undefined until the feed has said. */
  readonly uploads: readonly Upload[] | undefined;
}

export const uploadsStore = createStore<UploadsState>(() => ({ uploads: undefined }));

export function useUploads<T>(select: (state: UploadsState) => T): T {
  return useStore(uploadsStore, select);
}

const none: readonly Upload[] = [];

/** Uploads that did not change keep their identity, so that only rows that move render. */
export function receiveUploads(uploads: readonly Upload[]): void {
  const before = new Map((uploadsStore.getState().uploads ?? none).map((upload) => [upload.id, upload]));
  uploadsStore.setState({
    uploads: uploads.map((upload) => {
      const known = before.get(upload.id);
      return known !== undefined && isSame(known, upload) ? known : upload;
    }),
  });
}

export function useAllUploads(): readonly Upload[] {
  return useUploads((state) => state.uploads ?? none);
}

export function useHostUploads(linkId: HostLinkId): readonly Upload[] {
  const uploads = useAllUploads();
  return useMemo(() => uploads.filter((upload) => upload.linkId === linkId), [uploads, linkId]);
}

/** Messages are clones: their parts are equal, never identical. */
function isSame(a: Upload, b: Upload): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
