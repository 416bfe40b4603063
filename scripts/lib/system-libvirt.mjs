import { access, constants, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { userInfo } from 'node:os';
import { administrator, withPrefix } from './apt.mjs';
import { findProgram, mustRun, run } from './run.mjs';
import { say } from './say.mjs';

const socket = '/run/libvirt/libvirt-sock';

/**
 * Make sure that the system's libvirt answers us.
 *
 * @throws {Error} saying what to do, when it does not and we cannot help.
 */
export async function ensureSystemLibvirt() {
  const state = await tryConnect();
  if (state === 'ok') return;
  if (state === 'EACCES') throw new Error(notAllowed);
  const become = await administrator('to start libvirt');
  if (await exists('/run/systemd/system')) {
    say('starting libvirt (systemctl start libvirtd)');
    if (become === undefined)
      throw new Error('libvirt is not running; as root, run:\n  systemctl start libvirtd');
    await mustRun(...withPrefix(become, ['systemctl', 'start', 'libvirtd.service']));
  } else {
    if (become === undefined)
      throw new Error('libvirt is not running; as root, run:\n  virtlogd -d && libvirtd -d');
    await startWithoutSystemd(become);
  }
  const now = await tryConnect();
  if (now === 'EACCES') throw new Error(notAllowed);
  if (now !== 'ok') throw new Error(`libvirt was started but ${socket} does not answer (${now})`);
}

const notAllowed = `you may not use libvirt; as root, run:
  adduser ${userInfo().username} libvirt
and sign in again (or run "newgrp libvirt" in this terminal)`;

/**
 * In a container nothing starts services; do what the service manager and udev would.
 *
 * @param {readonly string[]} become
 */
async function startWithoutSystemd(become) {
  say('there is no systemd here: starting virtlogd and libvirtd directly; they keep running after this');
  await kvmForItsGroup(become);
  for (const daemon of ['virtlogd', 'libvirtd']) {
    const path = findProgram(daemon);
    if (path === undefined) throw new Error(`${daemon} is not installed`);
    if (await isRunning(daemon)) continue;
    await mustRun(...withPrefix(become, [path, '--daemon']));
  }
}

/**
 * udev gives /dev/kvm to the group kvm. Left to root alone, libvirt finds that root can use it and QEMU's user
 * cannot, and probes QEMU anew at each look-up: 4 s every time.
 *
 * @param {readonly string[]} become
 */
async function kvmForItsGroup(become) {
  try {
    const { gid, mode } = await stat('/dev/kvm');
    if (gid !== 0 || (mode & 0o006) === 0o006) return;
  } catch {
    return;
  }
  const { code } = await run(...withPrefix(become, ['chgrp', 'kvm', '/dev/kvm']));
  if (code === 0) await run(...withPrefix(become, ['chmod', '0660', '/dev/kvm']));
}

/** @param {string} daemon */
async function isRunning(daemon) {
  const { code } = await run('pidof', [daemon]);
  return code === 0;
}

/** @returns {Promise<string>} "ok", or the code of the error. */
function tryConnect() {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve('ok');
    });
    connection.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      resolve(error.code ?? error.message),
    );
  });
}

/** @param {string} path */
async function exists(path) {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}
