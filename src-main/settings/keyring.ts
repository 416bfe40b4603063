import { safeStorage } from 'electron';
import type { Keyring } from './secret-store.ts';

/** The operating system's keyring. To be asked only after the application is ready. */
export function systemKeyring(): Keyring {
  return {
    available: safeStorage.isEncryptionAvailable() && !usesHardCodedKey(),
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (data) => safeStorage.decryptString(data),
  };
}

/** Chromium's `basic_text` backend "encrypts" with a key that stands in its source. */
function usesHardCodedKey(): boolean {
  // Missing before Electron 26, and elsewhere than on Linux.
  const backend: unknown = Reflect.get(safeStorage, 'getSelectedStorageBackend');
  return (
    typeof backend === 'function' &&
    process.platform === 'linux' &&
    backend.call(safeStorage) === 'basic_text'
  );
}
