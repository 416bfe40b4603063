import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { readOrCreatePrivate } from './private-file.ts';

/** What the TLS listener needs, and what a person compares. */
export interface HostCertificate {
  /** PEM; a configured one may be a chain. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  /** SHA-256 of the (first) certificate, as `contract/src/pairing.ts` writes it. */
  readonly fingerprint: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const YEARS = 10;
const MARKER = '-----BEGIN CERTIFICATE-----';

/** Use the certificate and key a CA gave. Throws when they cannot be read or do not belong together. */
export async function readCertificate(certificateFile: string, keyFile: string): Promise<HostCertificate> {
  const [certificate, key] = await Promise.all([
    readFile(certificateFile, 'utf8'),
    readFile(keyFile, 'utf8'),
  ]);
  try {
    createSecureContext({ cert: certificate, key });
  } catch (error) {
    throw new Error(`${certificateFile} and ${keyFile} are not a certificate and its key`, { cause: error });
  }
  return { certificate, key, fingerprint: fingerprintOf(certificate) };
}

/**
 * The self-signed certificate of the data directory (`tls.pem`), made at the first start. Desktops pin it by its
 * fingerprint, so it stays the same for as long as the file does; `names` count only when it is made.
 */
export async function loadOwnCertificate(
  dataDirectory: string,
  names: readonly string[],
): Promise<HostCertificate> {
  const path = join(dataDirectory, 'tls.pem');
  const pem = await readOrCreatePrivate(path, () => generate(names));
  const split = pem.indexOf(MARKER);
  if (split < 0) throw new Error(`${path} is damaged; restore it from a backup, or delete it and pair again`);
  const certificate = pem.slice(split);
  return { certificate, key: pem.slice(0, split), fingerprint: fingerprintOf(certificate) };
}

function fingerprintOf(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256;
}

/** Key and certificate in one file, so that they cannot come apart. */
async function generate(names: readonly string[]): Promise<string> {
  cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const notBefore = new Date();
  // A client whose clock is a little behind must not refuse a certificate made just now.
  notBefore.setDate(notBefore.getDate() - 1);
  const notAfter = new Date(notBefore);
  notAfter.setFullYear(notAfter.getFullYear() + YEARS);
  const unique = [...new Set([...names, 'localhost', '127.0.0.1', '::1'])];
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [unique[0] ?? 'localhost'] }, { O: ['LIMEN host service'] }],
    notBefore,
    notAfter,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new SubjectAlternativeNameExtension(
        unique.map((name) => (isIP(name) === 0 ? { type: 'dns', value: name } : { type: 'ip', value: name })),
      ),
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replaceAll(/(.{64})/g, '$1\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
  return `${key}${certificate.toString('pem')}\n`;
}
