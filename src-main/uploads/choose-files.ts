import { type BrowserWindow, dialog, type OpenDialogOptions } from 'electron';
import type { TFunction } from 'i18next';

/** What hosts take, by the names such files usually have; the content decides there. */
const EXTENSIONS = [
  'iso',
  'img',
  'raw',
  'qcow2',
  'vmdk',
  'vhd',
  'vhdx',
  'vdi',
  'ova',
  'xz',
  'gz',
  'zst',
  'bz2',
];

/** Ask the person for image files, in the system's dialog. Resolves with their paths; with none when cancelled. */
export async function choosePaths(t: TFunction, window: BrowserWindow | null): Promise<readonly string[]> {
  const options: OpenDialogOptions = {
    title: t('uploads.choose'),
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: t('uploads.images'), extensions: EXTENSIONS },
      { name: t('uploads.allFiles'), extensions: ['*'] },
    ],
  };
  const chosen =
    window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
  return chosen.canceled ? [] : chosen.filePaths;
}
