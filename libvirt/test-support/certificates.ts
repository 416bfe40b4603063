import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../tests/fixtures/run.ts';

export interface Certificate {
  readonly certPath: string;
  readonly keyPath: string;
}

/** A certificate authority of our own, good for a day. */
export interface Authority {
  readonly certPath: string;
  /** Make a key and a certificate with it as `<name>cert.pem` and `<name>key.pem`. */
  issue(folder: string, name: 'client' | 'server', subjectAltName: string): Promise<Certificate>;
  /** Make a folder for `pkipath`: this authority's certificate and, unless `identity` is false, a client's. */
  clientFolder(folder: string, options?: { identity: boolean }): Promise<string>;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];

/** Make an authority in a folder that does not exist yet. */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  await mkdir(folder, { recursive: true });
  const certPath = join(folder, 'cacert.pem');
  const keyPath = join(folder, 'cakey.pem');
  const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign'];
  await request({ certPath, keyPath }, ['-subj', `/CN=${name}`], extensions);

  const issue: Authority['issue'] = async (target, role, subjectAltName) => {
    await mkdir(target, { recursive: true });
    const issued = { certPath: join(target, `${role}cert.pem`), keyPath: join(target, `${role}key.pem`) };
    const names = ['-subj', `/CN=${role}`, '-CA', certPath, '-CAkey', keyPath];
    await request(issued, names, [
      'basicConstraints=critical,CA:FALSE',
      'keyUsage=critical,digitalSignature,keyEncipherment',
      `extendedKeyUsage=${role}Auth`,
      `subjectAltName=${subjectAltName}`,
    ]);
    return issued;
  };
  const clientFolder: Authority['clientFolder'] = async (target, { identity } = { identity: true }) => {
    await mkdir(target, { recursive: true });
    await copyFile(certPath, join(target, 'cacert.pem'));
    if (identity) await issue(target, 'client', 'DNS:client');
    return target;
  };
  return { certPath, issue, clientFolder };
}

/** With a configuration of our own: the distribution's would add extensions to ours. */
async function request(
  { certPath, keyPath }: Certificate,
  names: readonly string[],
  extensions: readonly string[],
): Promise<void> {
  const config = [
    '[req]',
    'distinguished_name=none',
    'x509_extensions=ours',
    '[none]',
    '[ours]',
    ...extensions,
  ];
  const configPath = `${certPath}.conf`;
  await writeFile(configPath, `${config.join('\n')}\n`);
  const output = ['-keyout', keyPath, '-out', certPath];
  await run('openssl', ['req', '-x509', '-config', configPath, ...newKey, ...names, ...output]);
}
