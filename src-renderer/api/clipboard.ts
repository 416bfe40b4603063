import { call } from './bridge.ts';

/** Through the main process, because the page itself has no clipboard permission. */
export async function copyText(text: string): Promise<void> {
  await call('clipboard.writeText', { text });
}
