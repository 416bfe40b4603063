import { type HostLink, type HostLinkId, isAllowed } from '@limen/contract';
import { Button, Skeleton, Stack } from '@mantine/core';
import { IconNetwork, IconPlus, IconServerBolt, IconServerOff } from '@tabler/icons-react';
import { useState } from 'react';
import { copyText } from '../../api/clipboard.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { formatNumber } from '../../lib/format.ts';
import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { useText } from '../../locales/i18n.ts';
import { useAllLinks } from '../../stores/links.ts';
import { hasNetworks, useFollowNetworks, useNetworksByHost } from '../../stores/networks.ts';
import { openAddHost } from '../../stores/overlays.ts';
import { BridgesPanel } from './BridgesPanel.tsx';
import { CreateNetworkDialog } from './CreateNetworkDialog.tsx';
import { NetworkTable } from './NetworkTable.tsx';

/** The networks of all hosts, followed while they are on the screen. */
export function NetworksPage() {
  const { t, language } = useText();
  const links = useAllLinks();
  const followed = useNetworksByHost();
  const [creating, setCreating] = useState(false);
  const shown = links.filter(hasNetworks);
  const managed = shown.filter(
    (link) => link.state === 'live' && isAllowed('administrator', link.user?.role, false),
  );
  const snapshots = shown.flatMap(({ id: linkId }) => {
    const snapshot = followed.get(linkId)?.snapshot;
    return snapshot === undefined ? [] : [{ linkId, snapshot }];
  });
  const entries = snapshots.flatMap(({ linkId, snapshot }) =>
    snapshot.networks.map((network) => ({ linkId, network })),
  );
  const bridges = snapshots.flatMap(({ linkId, snapshot }) =>
    snapshot.bridges.map((bridge) => ({ linkId, bridge })),
  );
  const waiting = shown.some(({ id, state }) => state === 'live' && followed.get(id) === undefined);
  const failed = shown.flatMap(({ id, name, state }) => {
    const error = state === 'live' ? followed.get(id)?.error : undefined;
    return error === undefined ? [] : [{ id, name, error }];
  });
  useDocumentTitle(t('networks:title'));
  const create = managed.length === 0 ? undefined : () => setCreating(true);

  return (
    <Stack gap="sm" h="100%" p="md">
      {shown.map(({ id }) => (
        <Follow key={id} linkId={id} />
      ))}
      <PageHead
        title={
          entries.length === 0
            ? t('networks:title')
            : t('networks:titleWithCount', { shown: formatNumber(entries.length, language) })
        }
      >
        {create && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create}>
            {t('networks:new')}
          </Button>
        )}
      </PageHead>
      {failed.map(({ id, name, error }) => (
        <ErrorCallout key={id} title={t('networks:unread', { host: name })} error={error} copy={copyText} />
      ))}
      {entries.length > 0 && <NetworkTable entries={entries} />}
      {bridges.length > 0 && <BridgesPanel entries={bridges} />}
      {entries.length === 0 && waiting && failed.length === 0 && <Skeleton h={180} />}
      {entries.length === 0 && !waiting && failed.length === 0 && (
        <Nothing links={links} shown={shown} onCreate={create} />
      )}
      {creating && <CreateNetworkDialog links={managed} onClose={() => setCreating(false)} />}
    </Stack>
  );
}

function Follow({ linkId }: { readonly linkId: HostLinkId }) {
  useFollowNetworks(linkId);
  return null;
}

interface NothingProps {
  readonly links: readonly HostLink[];
  readonly shown: readonly HostLink[];
  readonly onCreate: (() => void) | undefined;
}

function Nothing({ links, shown, onCreate }: NothingProps) {
  const { t } = useText();
  if (links.length === 0) {
    return (
      <EmptyState
        icon={IconServerBolt}
        title={t('networks:empty.noHosts.title')}
        body={t('networks:empty.noHosts.body')}
        action={{ label: t('networks:empty.noHosts.action'), onClick: openAddHost }}
      />
    );
  }
  if (!shown.some(({ state }) => state === 'live')) {
    return (
      <EmptyState
        icon={IconServerOff}
        title={t('networks:empty.away.title')}
        body={t('networks:empty.away.body')}
      />
    );
  }
  return (
    <EmptyState
      icon={IconNetwork}
      title={t('networks:empty.none.title')}
      body={t('networks:empty.none.body')}
      {...(onCreate && { action: { label: t('networks:new'), onClick: onCreate } })}
    />
  );
}
