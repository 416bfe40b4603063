/**
 * `npm start`: from a fresh clone to a window that shows this computer's virtual machines.
 *
 * usage: npm start [-- --demo] [-- --headless]
 *   --demo       also build and start one small Linux machine
 *   --headless   run the host service alone and print how to reach it
 * environment: LIMEN_DATA (data directory), LIMEN_ELECTRON_BIN (an Electron to use)
 */
import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { electronRuntime } from './electron-runtime.mjs';
import { build } from './lib/build.mjs';
import { startChild } from './lib/child.mjs';
import { startDemoMachine } from './lib/demo.mjs';
import { desktopLogFile, initialise, logFile, pairingLink, startHostService } from './lib/host-service.mjs';
import { dataDirectory, root } from './lib/paths.mjs';
import { note, runMain, say } from './lib/say.mjs';
import { ensureSystemLibvirt } from './lib/system-libvirt.mjs';
import { setUp } from './setup.mjs';

/** Time for the host service to finish what it is doing; then it is ended. */
const serviceGraceMs = 15_000;
const desktopGraceMs = 5_000;

await runMain(async () => {
  const { values: options } = parseArgs({
    options: { demo: { type: 'boolean' }, headless: { type: 'boolean' } },
  });
  const headless = options.headless === true;
  if (!headless && !hasDisplay()) {
    note('there is no display (DISPLAY and WAYLAND_DISPLAY are not set).');
    note('To run the host service alone, and connect to it from another computer:  npm start -- --headless');
    return 2;
  }
  // Until something runs in the background, Ctrl+C simply ends us and the command we are waiting for.
  await setUp(headless ? ['hypervisor'] : ['hypervisor', 'desktop']);
  await build({ desktop: !headless });
  await ensureSystemLibvirt();
  if (options.demo === true) await startDemoMachine();

  const data = dataDirectory();
  const administrator = await initialise(data);
  if (administrator !== undefined) {
    say(
      `first administrator: ${administrator.username}   password, shown only now: ${administrator.password}`,
    );
  }
  const interrupt = onInterrupt();
  const { state, child: service } = await startHostService(data, interrupt);
  say(
    `host service ${service === undefined ? 'was running already' : 'runs'} on ${state.address} (log: ${logFile(data)})`,
  );
  try {
    const pairing = await pairingLink(data);
    if (!headless) return await runDesktop(data, pairing.link, interrupt);
    sayHowToConnect(state, pairing);
    if (service === undefined) return 0;
    say('Ctrl+C stops it');
    return await Promise.race([service.ended, aborted(interrupt)]);
  } finally {
    await service?.stop(serviceGraceMs);
  }
});

/**
 * @param {import('./lib/host-service.mjs').ServiceState} state
 * @param {{ link: string, expiresAt: string }} pairing
 */
function sayHowToConnect(state, pairing) {
  say(`address:      ${state.address}`);
  say(`fingerprint:  ${state.fingerprint}`);
  say(`pairing link: ${pairing.link}`);
  say(`              (once, until ${pairing.expiresAt})`);
  if (/^(127\.|localhost|\[::1\])/.test(state.address)) {
    say('only this computer reaches it; for others, set LIMEN_LISTEN_ADDRESS=0.0.0.0 and start again');
  }
}

/**
 * @param {string} data
 * @param {string} link
 * @param {AbortSignal} interrupt
 * @returns {Promise<number>}
 */
async function runDesktop(data, link, interrupt) {
  const electron = await electronRuntime();
  say(
    `opening the desktop on Electron ${electron.version}${electron.origin === 'registry' ? ' (older than the one users get)' : ''} (log: ${desktopLogFile(data)})`,
  );
  // Chromium's sandbox refuses to run as root, and only then is it left out.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', root] : [root];
  const log = await open(desktopLogFile(data), 'a', 0o600);
  const desktop = startChild(electron.path, args, {
    env: { ...process.env, LIMEN_PAIRING_LINK: link },
    output: log.fd,
  });
  try {
    return await Promise.race([desktop.ended, aborted(interrupt)]);
  } finally {
    await desktop.stop(desktopGraceMs);
    await log.close();
  }
}

function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}

/**
 * From now on Ctrl+C and SIGTERM do not end us: we end what we started, in order and within its time limits, and
 * then ourselves.
 *
 * @returns {AbortSignal} aborted with the exit code to end with.
 */
function onInterrupt() {
  const controller = new AbortController();
  process.on('SIGINT', () => controller.abort(130));
  process.on('SIGTERM', () => controller.abort(143));
  process.on('SIGHUP', () => controller.abort(129));
  return controller.signal;
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<number>} the exit code, once it is aborted.
 */
function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
}
