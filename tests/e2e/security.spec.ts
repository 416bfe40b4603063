import { expect, test } from './support/test.ts';

test('the page has no Node, no Electron and one frozen bridge', async ({ desktop }) => {
  const seen = await desktop.window.evaluate(() => {
    const page = globalThis as unknown as Record<string, unknown>;
    return {
      node: ['require', 'process', 'Buffer', 'module'].filter((name) => name in page),
      frozen: Object.isFrozen(page['limen']),
      bridge: Object.keys(page['limen'] as object).sort(),
    };
  });
  expect(seen).toEqual({ node: [], frozen: true, bridge: ['invoke', 'openPort'] });
});

test('the page can reach no network, whatever runs in it', async ({ desktop, world }) => {
  const outcome = await desktop.window.evaluate(async (address) => {
    const blocked: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
    const fetched = await fetch(`https://${address}/health`).then(
      () => 'fetched',
      () => 'refused',
    );
    const socket = await new Promise<string>((resolve) => {
      try {
        const ws = new WebSocket(`wss://${address}/rpc`);
        ws.addEventListener('open', () => resolve('open'));
        ws.addEventListener('error', () => resolve('refused'));
      } catch {
        resolve('refused');
      }
    });
    return { fetched, socket, blocked: [...new Set(blocked)] };
  }, world.host.address);
  expect(outcome).toEqual({ fetched: 'refused', socket: 'refused', blocked: ['connect-src'] });
});

test('the page can open no window and ask for no permission', async ({ desktop }) => {
  const windows = desktop.app.windows().length;
  const outcome = await desktop.window.evaluate(async () => ({
    opened: window.open('https://example.invalid/') !== null,
    notifications: await Notification.requestPermission(),
    camera: await navigator.mediaDevices?.getUserMedia({ video: true }).then(
      () => 'granted',
      () => 'denied',
    ),
  }));
  expect(outcome.opened).toBe(false);
  expect(outcome.notifications).toBe('denied');
  expect(outcome.camera ?? 'denied').toBe('denied');
  expect(desktop.app.windows().length).toBe(windows);
});

test('the main process answers only well-formed calls it knows', async ({ desktop }) => {
  const results = await desktop.window.evaluate(async () => {
    const bridge = (
      globalThis as unknown as { limen: { invoke(name: unknown, input: unknown): Promise<unknown> } }
    ).limen;
    const calls: [unknown, unknown][] = [
      ['app.quit', {}],
      ['__proto__', {}],
      ['links.remove', { linkId: 'x' }],
      [
        'rpc.call',
        { linkId: crypto.randomUUID(), callId: crypto.randomUUID(), path: ['constructor'], input: {} },
      ],
      ['settings.change', { language: 'xx' }],
      [{}, null],
    ];
    return Promise.all(
      calls.map(([name, input]) =>
        bridge.invoke(name, input).then(
          (result) => ((result as { ok: boolean }).ok ? 'ok' : 'refused'),
          () => 'refused',
        ),
      ),
    );
  });
  expect(new Set(results)).toEqual(new Set(['refused']));
});

test('web contents are sandboxed and isolated', async ({ desktop }) => {
  const preferences = await desktop.app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => {
      const p = (
        contents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      ).getLastWebPreferences();
      return [p['sandbox'], p['contextIsolation'], p['nodeIntegration'], p['webSecurity']];
    }),
  );
  expect(preferences.length).toBeGreaterThan(0);
  for (const preference of preferences) expect(preference).toEqual([true, true, false, true]);
});
