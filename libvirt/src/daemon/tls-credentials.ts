import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConnectionLostError } from '../errors/libvirt-error.ts';

/** PEM texts for a TLS client, and where they were looked for. */
export interface TlsCredentials {
  readonly ca: string | null;
  readonly crl: string | null;
  /** Null when there is none: the daemon then decides whether it wants one. */
  readonly identity: { readonly cert: string; readonly key: string } | null;
  /** The client certificate's places, for error messages. */
  readonly certPaths: readonly string[];
}

interface Places {
  readonly ca: string;
  readonly crl: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * Read the client's certificates from libvirt's places: all from the folder `pkipath` when it is given; else each
 * from `~/.pki/libvirt` (not for root), then from `/etc/pki`. A new set is read for every connection, so renewed
 * certificates are taken up. Rejects with ConnectionLostError when a certificate lacks its key, or a file
 * that exists cannot be read.
 */
export async function readTlsCredentials(pkipath: string | null): Promise<TlsCredentials> {
  const places = pkipath === null ? defaultPlaces() : [inFolder(pkipath)];
  let trust: Pick<TlsCredentials, 'ca' | 'crl'> = { ca: null, crl: null };
  let identity: TlsCredentials['identity'] = null;
  for (const place of places) {
    if (trust.ca === null) trust = { ca: await readIfThere(place.ca), crl: await readIfThere(place.crl) };
    identity ??= await readIdentity(place);
  }
  return { ...trust, identity, certPaths: places.map(({ cert }) => cert) };
}

function defaultPlaces(): Places[] {
  const system = {
    ca: '/etc/pki/CA/cacert.pem',
    crl: '/etc/pki/CA/cacrl.pem',
    cert: '/etc/pki/libvirt/clientcert.pem',
    key: '/etc/pki/libvirt/private/clientkey.pem',
  };
  return process.getuid?.() === 0 ? [system] : [inFolder(join(homedir(), '.pki/libvirt')), system];
}

function inFolder(folder: string): Places {
  return {
    ca: join(folder, 'cacert.pem'),
    crl: join(folder, 'cacrl.pem'),
    cert: join(folder, 'clientcert.pem'),
    key: join(folder, 'clientkey.pem'),
  };
}

async function readIdentity({ cert: certPath, key: keyPath }: Places): Promise<TlsCredentials['identity']> {
  const [cert, key] = await Promise.all([readIfThere(certPath), readIfThere(keyPath)]);
  if (cert === null && key === null) return null;
  if (cert === null)
    throw new ConnectionLostError(`${keyPath} is there, but its certificate ${certPath} is not`);
  if (key === null) throw new ConnectionLostError(`${certPath} is there, but its key ${keyPath} is not`);
  return { cert, key };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConnectionLostError(`cannot read ${path}: ${reason}`, { cause: error });
  }
}
