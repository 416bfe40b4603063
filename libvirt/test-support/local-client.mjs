/**
 * A client in a process of its own, for what depends on the process: its user, its file system, its environment.
 *
 * usage: node local-client.mjs URI [--user UID] [--read-only] [--restart]
 *
 * Prints one line of JSON: `{ uri, type }` of the daemon it reached, or `{ error }`. With --restart it kills the session
 * daemon it reached and prints only once it has come back to another.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LibvirtClient, procedures } from '../dist/index.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    user: { type: 'string' },
    'read-only': { type: 'boolean', default: false },
    restart: { type: 'boolean', default: false },
  },
});
const [uri = ''] = positionals;
if (values.user !== undefined) {
  const id = Number(values.user);
  process.setgroups([]);
  process.setgid(id);
  process.setuid(id);
}

const client = new LibvirtClient({ uri, readOnly: values['read-only'] });

/** @returns {Promise<import('../dist/index.js').ClientStatus>} */
function settled() {
  return new Promise((resolve) => {
    const stop = client.onStatus((status) => {
      if (status.state !== 'connected' && status.state !== 'unavailable') return;
      stop();
      resolve(status);
    });
  });
}

async function sessionDaemon() {
  const path = join(process.env['XDG_RUNTIME_DIR'] ?? '', 'libvirt/libvirtd.pid');
  return Number(await readFile(path, 'utf8'));
}

async function answer() {
  const first = settled();
  client.start();
  const { state, error } = await first;
  if (state !== 'connected') return { error: String(error) };
  if (values.restart) {
    const before = await sessionDaemon();
    const lost = settled();
    process.kill(before, 'SIGKILL');
    await lost;
    await settled();
    if ((await sessionDaemon()) === before) return { error: 'the killed daemon is still there' };
  }
  const { connect } = procedures;
  return { uri: await client.call(connect.getUri, {}), type: await client.call(connect.getType, {}) };
}

process.stdout.write(`${JSON.stringify(await answer())}\n`);
await client.close();
