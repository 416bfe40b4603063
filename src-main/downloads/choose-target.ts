import { type BrowserWindow, dialog } from 'electron';
import type { TFunction } from 'i18next';

/** What file systems of some system or other do not take in a name. */
const FORBIDDEN = /[<>:"/\\|?*]/g;

/** Ask the person where to save a file, in the system's dialog. Null when they changed their mind. */
export async function chooseTarget(
  t: TFunction,
  window: BrowserWindow | null,
  suggestedName: string,
): Promise<string | null> {
  const options = { title: t('downloads.choose'), defaultPath: suggestedName.replaceAll(FORBIDDEN, '_') };
  const chosen =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  return chosen.canceled || chosen.filePath === undefined || chosen.filePath === '' ? null : chosen.filePath;
}
