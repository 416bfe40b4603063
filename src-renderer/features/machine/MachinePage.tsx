import { Alert, Anchor, ScrollArea, Stack, Tabs } from '@mantine/core';
import { IconClockExclamation, IconGhost2 } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatClock } from '../../lib/format.ts';
import { formatRoute } from '../../lib/route.ts';
import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { useNow } from '../../lib/use-now.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { useFreshness } from '../../stores/freshness.ts';
import { useMachine } from '../../stores/inventory.ts';
import { useLink } from '../../stores/links.ts';
import type { MachineRef } from '../../stores/machine-key.ts';
import { MachineFacts } from './MachineFacts.tsx';
import { MachineHeader } from './MachineHeader.tsx';

// The chart library is most of the page's code; the facts need not wait for it.
const MachineCharts = lazy(() =>
  import('./MachineCharts.tsx').then((module) => ({ default: module.MachineCharts })),
);

export interface MachinePageProps {
  readonly target: MachineRef;
  /** The embedded console; put in from outside, because a feature does not know another. */
  readonly console: ReactNode;
  /** Loads what the console needs, so that its tab opens without a wait. */
  readonly prepareConsole: () => Promise<unknown>;
  /** What it is made of; put in from outside like the console. */
  readonly hardware: ReactNode;
  /** Moments to go back to; put in from outside like the console. */
  readonly snapshots: ReactNode;
}

export function MachinePage({ target, console, prepareConsole, hardware, snapshots }: MachinePageProps) {
  const { t } = useText();
  const machine = useMachine(target);
  const link = useLink(target.linkId);
  const [tab, setTab] = useState<string | null>('overview');
  useEffect(() => void prepareConsole().catch(() => {}), [prepareConsole]);
  useDocumentTitle(machine?.name ?? t('machine:gone.title'));

  if (!machine || !link) {
    return (
      <EmptyState
        icon={IconGhost2}
        title={t('machine:gone.title')}
        body={t('machine:gone.body', { host: link?.name ?? '' })}
        action={{ label: t('machine:gone.action'), onClick: () => navigate({ page: 'machines' }) }}
      />
    );
  }
  return (
    <Stack gap="sm" h="100%" pt="md">
      <Stack gap="sm" px="md">
        <MachineHeader target={target} machine={machine} link={link} />
        <StaleNotice target={target} hostName={link.name} />
      </Stack>
      <Tabs
        value={tab}
        onChange={setTab}
        keepMounted={false}
        flex={1}
        mih={0}
        style={{ display: 'flex', flexDirection: 'column' }}
      >
        <Tabs.List px="md" aria-label={t('machine:tabs')}>
          <Tabs.Tab value="overview">{t('machine:overview')}</Tabs.Tab>
          {machine.consoles.vnc && <Tabs.Tab value="console">{t('machine:console')}</Tabs.Tab>}
          {link.capabilities.includes('snapshots') && (
            <Tabs.Tab value="snapshots">{t('snapshots:tab')}</Tabs.Tab>
          )}
          {link.capabilities.includes('hardware') && (
            <Tabs.Tab value="hardware">{t('hardware:tab')}</Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="overview" flex={1} mih={0}>
          <ScrollArea h="100%" type="auto">
            <Stack gap="md" p="md">
              <Suspense>
                <MachineCharts target={target} machine={machine} />
              </Suspense>
              <MachineFacts machine={machine} />
            </Stack>
          </ScrollArea>
        </Tabs.Panel>
        <Tabs.Panel value="console" flex={1} mih={0} p="md">
          {console}
        </Tabs.Panel>
        <Tabs.Panel value="snapshots" flex={1} mih={0}>
          {snapshots}
        </Tabs.Panel>
        <Tabs.Panel value="hardware" flex={1} mih={0}>
          {hardware}
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function StaleNotice({ target, hostName }: { readonly target: MachineRef; readonly hostName: string }) {
  const { t, language } = useText();
  const freshness = useFreshness(target.linkId);
  const now = useNow(60_000);
  if (freshness.kind === 'live') return null;
  const asOf =
    freshness.asOf === null
      ? t('common:neverSeen')
      : t('common:asOf', { time: formatClock(freshness.asOf, language, now) });
  return (
    <Alert
      variant="light"
      color="yellow"
      icon={<IconClockExclamation aria-hidden />}
      title={t('machine:stale', { asOf })}
      role="status"
    >
      {t('machine:staleBody', { host: hostName })}{' '}
      <Anchor
        size="sm"
        c="inherit"
        underline="always"
        href={formatRoute({ page: 'host', linkId: target.linkId })}
      >
        {t('machine:showHost', { host: hostName })}
      </Anchor>
    </Alert>
  );
}
