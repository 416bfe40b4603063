import type { HostLink } from '@limen/contract';
import { MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { useEffect, useMemo } from 'react';
import { MachineDialogs } from './actions/MachineDialogs.tsx';
import { CrashBoundary } from './features/frame/CrashBoundary.tsx';
import { ConsoleView } from './features/console/ConsoleView.tsx';
import { ConsoleWindow } from './features/console/ConsoleWindow.tsx';
import { loadVncScreen } from './features/console/console-controller.ts';
import { CreatePage } from './features/create/CreatePage.tsx';
import { Frame } from './features/frame/Frame.tsx';
import { HardwareTab } from './features/hardware/HardwareTab.tsx';
import { AddHostDialog } from './features/hosts/AddHostDialog.tsx';
import { HostPage } from './features/hosts/HostPage.tsx';
import { ImagesPage } from './features/images/ImagesPage.tsx';
import { JobNotices } from './features/jobs/JobNotices.tsx';
import { JobsButton } from './features/jobs/JobsButton.tsx';
import { MachinePage } from './features/machine/MachinePage.tsx';
import { MachinesPage } from './features/machines/MachinesPage.tsx';
import { NetworkPage } from './features/networks/NetworkPage.tsx';
import { NetworksPage } from './features/networks/NetworksPage.tsx';
import { Palette } from './features/palette/Palette.tsx';
import { SettingsPage } from './features/settings/SettingsPage.tsx';
import { PoolPage } from './features/storage/PoolPage.tsx';
import { StoragePage } from './features/storage/StoragePage.tsx';
import { TrashPage } from './features/trash/TrashPage.tsx';
import { SignInForm } from './features/sign-in/SignInForm.tsx';
import { SnapshotsTab } from './features/snapshots/SnapshotsTab.tsx';
import type { Route } from './lib/route.ts';
import { useRoute } from './lib/use-route.ts';
import { setLanguage, useText } from './locales/i18n.ts';
import { settingsColorScheme } from './stores/color-scheme.ts';
import { useOverlays } from './stores/overlays.ts';
import { effectiveLanguage, useSettings } from './stores/settings.ts';
import { theme } from './theme/theme.ts';

const colorScheme = settingsColorScheme();

/** Everything a window can show. Which of it, the route says. */
export function App() {
  const language = useSettings(({ settings, app }) =>
    effectiveLanguage(settings.language, app?.locale ?? 'en'),
  );
  useEffect(() => void setLanguage(language), [language]);
  const { t } = useText();
  const close = t('common:close');
  // What Mantine itself puts on the screen has a name in the person's language too.
  const named = useMemo(() => {
    const closeButtonProps = { 'aria-label': close };
    return mergeThemeOverrides(theme, {
      components: {
        Modal: { defaultProps: { closeButtonProps, attributes: { header: { role: 'presentation' } } } },
        Notification: { defaultProps: { closeButtonProps } },
      },
    });
  }, [close]);
  return (
    <MantineProvider theme={named} colorSchemeManager={colorScheme} defaultColorScheme="auto">
      <ModalsProvider>
        <Notifications position="bottom-right" limit={4} />
        <CrashBoundary>
          <Window />
        </CrashBoundary>
      </ModalsProvider>
    </MantineProvider>
  );
}

function Window() {
  const route = useRoute();
  if (route.page === 'console-standby') return <Standby />;
  if (route.page === 'console') {
    return <ConsoleWindow target={{ linkId: route.linkId, machineId: route.machineId }} />;
  }
  return <MainWindow route={route} />;
}

/** Renders nothing; has everything a console needs in memory before somebody asks for one. */
function Standby() {
  useEffect(() => void loadVncScreen().catch(() => {}), []);
  return null;
}

function renderSignIn(link: HostLink) {
  return <SignInForm key={link.id} link={link} />;
}

type FramedRoute = Exclude<Route, { page: 'console' | 'console-standby' }>;

function MainWindow({ route }: { readonly route: FramedRoute }) {
  const addHost = useOverlays((state) => state.addHost);
  return (
    <>
      <Frame jobs={<JobsButton />}>
        <CrashBoundary key={route.page}>
          <Page route={route} />
        </CrashBoundary>
      </Frame>
      {addHost && <AddHostDialog />}
      <Palette />
      <JobNotices />
      <MachineDialogs />
    </>
  );
}

function Page({ route }: { readonly route: FramedRoute }) {
  switch (route.page) {
    case 'machines':
      return <MachinesPage />;
    case 'machine': {
      const target = { linkId: route.linkId, machineId: route.machineId };
      return (
        <MachinePage
          key={route.machineId}
          target={target}
          console={<ConsoleView target={target} ownWindow={false} />}
          prepareConsole={loadVncScreen}
          hardware={<HardwareTab target={target} />}
          snapshots={<SnapshotsTab target={target} />}
        />
      );
    }
    case 'host':
      return <HostPage key={route.linkId} linkId={route.linkId} signIn={renderSignIn} />;
    case 'new-machine':
      return <CreatePage from={route.from} />;
    case 'images':
      return <ImagesPage />;
    case 'networks':
      return <NetworksPage />;
    case 'network':
      return <NetworkPage key={route.networkId} linkId={route.linkId} networkId={route.networkId} />;
    case 'storage':
      return <StoragePage linkId={route.linkId} />;
    case 'pool':
      return <PoolPage key={route.poolId} linkId={route.linkId} poolId={route.poolId} />;
    case 'trash':
      return <TrashPage />;
    case 'settings':
      return <SettingsPage />;
  }
}
