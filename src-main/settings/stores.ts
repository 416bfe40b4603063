import { settings as settingsSchema } from '@limen/contract';
import type { Settings } from '@limen/contract';
import { z } from 'zod';
import { linkRecord, type LinkRecord } from '../host-link/link-record.ts';
import { uploadRecord, type UploadRecord } from '../uploads/upload-record.ts';
import { JsonStore } from './json-store.ts';
import { secretFile, type SecretFile } from './secret-store.ts';
import { noWindowState, windowState, type WindowState } from './window-state.ts';

export interface Stores {
  readonly settings: JsonStore<Settings>;
  readonly links: JsonStore<readonly LinkRecord[]>;
  readonly secrets: JsonStore<SecretFile>;
  readonly windows: JsonStore<WindowState>;
  readonly uploads: JsonStore<readonly UploadRecord[]>;
}

/** Open the files of one user-data folder. Apart from each other, so that one bad file costs no other. */
export function openStores(folder: string, report: (what: string, detail: object) => void): Stores {
  const base = { folder, report };
  return {
    settings: new JsonStore<Settings>({
      ...base,
      name: 'settings',
      schema: settingsSchema,
      fallback: settingsSchema.parse({}),
    }),
    links: new JsonStore<readonly LinkRecord[]>({
      ...base,
      name: 'links',
      schema: z.array(linkRecord),
      fallback: [],
    }),
    secrets: new JsonStore<SecretFile>({ ...base, name: 'secrets', schema: secretFile, fallback: {} }),
    windows: new JsonStore<WindowState>({
      ...base,
      name: 'windows',
      schema: windowState,
      fallback: noWindowState,
    }),
    uploads: new JsonStore<readonly UploadRecord[]>({
      ...base,
      name: 'uploads',
      schema: z.array(uploadRecord),
      fallback: [],
    }),
  };
}
