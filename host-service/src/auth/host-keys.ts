import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto';
import { join } from 'node:path';
import { type HostId, hostId } from '@limen/contract';
import { z } from 'zod';
import { readOrCreatePrivate } from './private-file.ts';

/** What makes this host service itself and nobody else. */
export interface HostKeys {
  readonly hostId: HostId;
  /** Ed25519; signs access tokens. */
  readonly signingKey: KeyObject;
  readonly verificationKey: KeyObject;
  /** Key from which the successor of a refresh token is derived; 32 bytes. */
  readonly rotationKey: Buffer;
  /** Key under which secrets are stored that only this host is to read; 32 bytes. */
  readonly sealingKey: Buffer;
}

const stored = z.object({
  hostId,
  signingKey: z.string().startsWith('-----BEGIN PRIVATE KEY-----'),
  rotationKey: z.base64().length(44),
});

/**
 * Read `host-keys.json` of the data directory; make it at the first start. Without it every session ends and
 * every desktop sees another host, so a damaged one is an error, never quietly replaced.
 */
export async function loadHostKeys(dataDirectory: string): Promise<HostKeys> {
  const path = join(dataDirectory, 'host-keys.json');
  const text = await readOrCreatePrivate(path, () => Promise.resolve(newKeys()));
  try {
    const keys = stored.parse(JSON.parse(text));
    const signingKey = createPrivateKey(keys.signingKey);
    const rotationKey = Buffer.from(keys.rotationKey, 'base64');
    return {
      hostId: keys.hostId,
      signingKey,
      verificationKey: createPublicKey(signingKey),
      rotationKey,
      // Derived, so that hosts that were set up before have one too.
      sealingKey: Buffer.from(hkdfSync('sha256', rotationKey, keys.hostId, 'sealing', 32)),
    };
  } catch (error) {
    throw new Error(`${path} is damaged; restore it from a backup, or delete it to become a new host`, {
      cause: error,
    });
  }
}

function newKeys(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return `${JSON.stringify(
    {
      hostId: randomUUID(),
      signingKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      rotationKey: randomBytes(32).toString('base64'),
    },
    undefined,
    2,
  )}\n`;
}
