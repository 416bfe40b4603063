import type { HostLinkId } from '@limen/contract';
import { z } from 'zod';
import type { RefreshTokenStore } from '../host-link/session-keeper.ts';

/** Encrypts with a key of the operating system's keyring; Electron's `safeStorage`. */
export interface Keyring {
  /** False where the key would be no secret: no keyring, or Chromium's hard-coded one. */
  readonly available: boolean;
  encrypt(text: string): Buffer;
  decrypt(data: Buffer): string;
}

/** Encrypted refresh tokens, base64, by link. */
export const secretFile = z.record(z.string(), z.string());
export type SecretFile = z.infer<typeof secretFile>;

interface SecretBackend {
  read(): SecretFile;
  write(secrets: SecretFile): void;
}

/**
 * Refresh tokens: in the keyring's care when there is one and the person wants to stay signed in, else in memory
 * for this run only. They never touch the disk in the clear.
 */
export class SecretStore {
  readonly #keyring: Keyring;
  readonly #backend: SecretBackend;
  readonly #memory = new Map<HostLinkId, string>();

  constructor(keyring: Keyring, backend: SecretBackend) {
    this.#keyring = keyring;
    this.#backend = backend;
  }

  get kind(): 'keyring' | 'session-only' {
    return this.#keyring.available ? 'keyring' : 'session-only';
  }

  forLink(linkId: HostLinkId): RefreshTokenStore {
    let keep = Object.hasOwn(this.#backend.read(), linkId);
    return {
      keep: (overRestarts) => {
        keep = overRestarts;
        if (!keep) this.#save(linkId, null);
      },
      read: () => this.#memory.get(linkId) ?? this.#load(linkId),
      write: (token) => {
        this.#memory.set(linkId, token);
        if (keep && this.#keyring.available) this.#save(linkId, token);
      },
      clear: () => {
        this.#memory.delete(linkId);
        this.#save(linkId, null);
      },
    };
  }

  #load(linkId: HostLinkId): string | null {
    const stored = this.#backend.read()[linkId];
    if (stored === undefined || !this.#keyring.available) return null;
    try {
      const token = this.#keyring.decrypt(Buffer.from(stored, 'base64'));
      this.#memory.set(linkId, token);
      return token;
    } catch {
      // Another keyring than the one it was written with: signing in again is all that helps.
      this.#save(linkId, null);
      return null;
    }
  }

  #save(linkId: HostLinkId, token: string | null): void {
    const { [linkId]: before, ...others } = this.#backend.read();
    if (token === null && before === undefined) return;
    const encrypted = token === null ? {} : { [linkId]: this.#keyring.encrypt(token).toString('base64') };
    this.#backend.write({ ...others, ...encrypted });
  }
}
