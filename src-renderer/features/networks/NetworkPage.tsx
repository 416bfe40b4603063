import {
  type HostLink,
  type HostLinkId,
  type Network,
  networkDifferences,
  type NetworkId,
  type NetworksSnapshot,
} from '@limen/contract';
import { Alert, Button, ScrollArea, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconClockPlay, IconGhost2 } from '@tabler/icons-react';
import { copyText } from '../../api/clipboard.ts';
import { AsOf } from '../../components/AsOf.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { useFreshness } from '../../stores/freshness.ts';
import { useLink } from '../../stores/links.ts';
import { useFollowNetworks, useNetworks } from '../../stores/networks.ts';
import { DnsPanel } from './DnsPanel.tsx';
import { partsText } from './EditRefusal.tsx';
import { LeasesPanel } from './LeasesPanel.tsx';
import { NetworkFacts } from './NetworkFacts.tsx';
import { NetworkHeader } from './NetworkHeader.tsx';
import { StaticLeasesPanel } from './StaticLeasesPanel.tsx';
import { UsersPanel } from './UsersPanel.tsx';
import { useNetworkActions } from './use-network-actions.ts';

export interface NetworkPageProps {
  readonly linkId: HostLinkId;
  readonly networkId: NetworkId;
}

/** One network: what it is, who is on it, and what it tells them. */
export function NetworkPage({ linkId, networkId }: NetworkPageProps) {
  const { t } = useText();
  useFollowNetworks(linkId);
  const link = useLink(linkId);
  const { snapshot, error } = useNetworks(linkId);
  const network = snapshot?.networks.find(({ id }) => id === networkId);
  useDocumentTitle(network?.name ?? t('networks:title'));
  if (link !== undefined && snapshot !== undefined && network !== undefined) {
    return <Details link={link} network={network} snapshot={snapshot} />;
  }
  if (snapshot === undefined && link?.state === 'live') {
    return (
      <Stack p="md">
        {error === undefined ? (
          <Skeleton h={240} />
        ) : (
          <ErrorCallout title={t('networks:unread', { host: link.name })} error={error} copy={copyText} />
        )}
      </Stack>
    );
  }
  return (
    <EmptyState
      icon={IconGhost2}
      title={t('networks:gone.title')}
      body={t('networks:gone.body')}
      action={{ label: t('networks:gone.action'), onClick: () => navigate({ page: 'networks' }) }}
    />
  );
}

interface DetailsProps {
  readonly link: HostLink;
  readonly network: Network;
  readonly snapshot: NetworksSnapshot;
}

function Details({ link, network, snapshot }: DetailsProps) {
  const freshness = useFreshness(link.id);
  const { kind } = network.stored;
  return (
    <ScrollArea h="100%" type="auto">
      <Stack gap="md" p="md">
        <NetworkHeader link={link} network={network} snapshot={snapshot} />
        {freshness.kind === 'stale' && (
          <Text size="sm" c="var(--limen-quiet)" role="status">
            <AsOf at={freshness.asOf} />
          </Text>
        )}
        <Pending linkId={link.id} network={network} />
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
          <Stack>
            <NetworkFacts network={network} />
            <UsersPanel linkId={link.id} network={network} />
          </Stack>
          {kind !== 'bridge' && kind !== 'other' && (
            <Stack>
              <LeasesPanel linkId={link.id} network={network} />
              <StaticLeasesPanel linkId={link.id} network={network} />
              <DnsPanel linkId={link.id} network={network} />
            </Stack>
          )}
        </SimpleGrid>
      </Stack>
    </ScrollArea>
  );
}

/** What of it waits for its next start. */
function Pending({ linkId, network }: { readonly linkId: HostLinkId; readonly network: Network }) {
  const { t } = useText();
  const { mayManage, liveUsers, restart } = useNetworkActions(linkId, network);
  const { stored, live } = network;
  const parts = live === null ? [] : networkDifferences(live, stored);
  if (parts.length === 0) return null;
  return (
    <Alert
      variant="light"
      color="yellow"
      icon={<IconClockPlay aria-hidden />}
      title={t('networks:pending.title', { parts: partsText(parts, t) })}
      role="status"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {liveUsers.length === 0
            ? t('networks:pending.body')
            : t('networks:pending.bodyUsed', { names: liveUsers.join(', ') })}
        </Text>
        {mayManage && (
          <Button size="xs" variant="default" disabled={liveUsers.length > 0} onClick={restart}>
            {t('networks:pending.restart')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
