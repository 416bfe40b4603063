import type { HostLink, Network, NetworksSnapshot } from '@limen/contract';
import { ActionIcon, Anchor, Button, Group, Title } from '@mantine/core';
import { IconArrowLeft, IconPencil, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { formatRoute } from '../../lib/route.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { useIsHostLive } from '../../stores/freshness.ts';
import { EditNetworkDialog } from './EditNetworkDialog.tsx';
import { NetworkMenu } from './NetworkMenu.tsx';
import { NetworkState } from './NetworkState.tsx';
import { useNetworkActions } from './use-network-actions.ts';

export interface NetworkHeaderProps {
  readonly link: HostLink;
  readonly network: Network;
  readonly snapshot: NetworksSnapshot;
}

function back(): void {
  navigate({ page: 'networks' });
}

/** Name, state and where; the way to change it; everything else behind the dots. */
export function NetworkHeader({ link, network, snapshot }: NetworkHeaderProps) {
  const { t } = useText();
  const live = useIsHostLive(link.id);
  const { mayManage, start } = useNetworkActions(link.id, network);
  const [editing, setEditing] = useState(false);
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <Group gap="sm" wrap="nowrap" miw={0}>
        <ActionIcon aria-label={t('common:back')} onClick={back}>
          <IconArrowLeft size={18} />
        </ActionIcon>
        <div style={{ minWidth: 0 }}>
          <Title order={1} size="h3" lineClamp={1}>
            {network.name}
          </Title>
          <Group gap="sm" fz="sm">
            <NetworkState network={network} stale={!live} />
            <Anchor size="sm" href={formatRoute({ page: 'host', linkId: link.id })}>
              {link.name}
            </Anchor>
          </Group>
        </div>
      </Group>
      <Group gap="xs" wrap="nowrap">
        {!network.active && mayManage && (
          <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={start}>
            {t('networks:start')}
          </Button>
        )}
        {mayManage && network.persistent && network.stored.kind !== 'other' && (
          <Button
            variant="default"
            leftSection={<IconPencil size={16} aria-hidden />}
            onClick={() => setEditing(true)}
          >
            {t('networks:edit.button')}
          </Button>
        )}
        <NetworkMenu linkId={link.id} network={network} size={36} onDeleted={back} />
      </Group>
      {editing && (
        <EditNetworkDialog
          linkId={link.id}
          network={network}
          snapshot={snapshot}
          onClose={() => setEditing(false)}
        />
      )}
    </Group>
  );
}
