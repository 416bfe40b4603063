import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { app } from 'electron';
import type { ClientIdentity } from '../host-link/handshake.ts';

/** What the surroundings decide. */
export interface Environment {
  /** Folder of settings, cache and logs; `LIMEN_USER_DATA` overrides the system's. One running desktop each. */
  readonly userData: string;
  /** A pairing link to use at start without asking, from whoever starts us: `LIMEN_PAIRING_LINK`. */
  readonly pairingLink: string | null;
  readonly identity: ClientIdentity;
  readonly rendererRoot: string;
  readonly preload: string;
  /** PNG for window frames and task bars, where the system does not take it from the package. */
  readonly icon: string;
}

/** Read the surroundings, and move Electron's own data with ours. To be called before the application is ready. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const override = env['LIMEN_USER_DATA'];
  if (override !== undefined && override !== '') app.setPath('userData', resolve(override));
  const version = app.getVersion();
  return {
    userData: app.getPath('userData'),
    pairingLink: env['LIMEN_PAIRING_LINK'] ?? null,
    identity: {
      name: app.getName(),
      version,
      device: `LIMEN ${version} on ${hostname()} (${process.platform})`.slice(0, 128),
    },
    // The bundle is CommonJS in out/main; its neighbours are where the build put them, packaged or not.
    rendererRoot: join(__dirname, '..', 'renderer'),
    preload: join(__dirname, '..', 'preload', 'index.cjs'),
    icon: join(__dirname, '..', '..', 'resources', 'icons', '256x256.png'),
  };
}
