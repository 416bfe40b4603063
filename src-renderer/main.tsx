import '@mantine/core/styles.layer.css';
import '@mantine/charts/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import './theme/global.css';
import type { ShowTarget } from '@limen/contract';
import { spotlight } from '@mantine/spotlight';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { navigate } from './lib/use-route.ts';
import { startI18n } from './locales/i18n.ts';
import { type FeedCommand, startFeed } from './stores/feed.ts';
import { openAddHost, openJobs, openShortcuts } from './stores/overlays.ts';
import { effectiveLanguage, loadSettings, settingsStore } from './stores/settings.ts';

function obey(command: FeedCommand): void {
  switch (command) {
    case 'palette':
      spotlight.open();
      return;
    case 'add-host':
      openAddHost();
      return;
    case 'settings':
      navigate({ page: 'settings' });
      return;
    case 'shortcuts':
      openShortcuts();
      return;
  }
}

function show(target: ShowTarget): void {
  switch (target.kind) {
    case 'machine':
      navigate({ page: 'machine', linkId: target.linkId, machineId: target.machineId });
      return;
    case 'jobs':
      openJobs();
      return;
  }
}

async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  // The feed is asked for first: what it brings is there when the first paint needs it.
  startFeed({ command: obey, show });
  // Without the settings the desktop still works, in the defaults and the system's language.
  await loadSettings().catch(() => {});
  const { settings, app } = settingsStore.getState();
  await startI18n(effectiveLanguage(settings.language, app?.locale ?? navigator.language));
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

void start();
