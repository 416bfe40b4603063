import { LimenError, parsePairingLink } from '@limen/contract';
import { type BrowserWindow, dialog } from 'electron';
import type { TFunction } from 'i18next';

export interface PairingPromptOptions {
  readonly t: () => TFunction;
  readonly window: () => BrowserWindow | null;
  /** Rejects with `LimenError`. */
  readonly pair: (link: string) => Promise<unknown>;
}

/**
 * Pair by a link that came from outside, after a person agreed: any web page can make a `limen://pair` link, and
 * the host behind it would be handed what is typed into its sign-in.
 */
export async function pairWhenAgreed(link: string, { t, window, pair }: PairingPromptOptions): Promise<void> {
  const pairing = parsePairingLink(link);
  if (pairing === null) return;
  const translate = t();
  const agreed = await show(window(), {
    type: 'question',
    message: translate('pairing.question', { address: pairing.address }),
    detail: translate('pairing.detail', { fingerprint: pairing.fingerprint }),
    buttons: [translate('pairing.connect'), translate('pairing.cancel')],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  if (agreed !== 0) return;
  try {
    await pair(link);
  } catch (error) {
    const { code } = LimenError.is(error) ? error : new LimenError('INTERNAL', {});
    await show(window(), {
      type: 'error',
      message: translate('pairing.failed', { address: pairing.address }),
      detail: translate(`error.${code}`),
    });
  }
}

async function show(window: BrowserWindow | null, options: Electron.MessageBoxOptions): Promise<number> {
  const { response } =
    window === null ? await dialog.showMessageBox(options) : await dialog.showMessageBox(window, options);
  return response;
}
