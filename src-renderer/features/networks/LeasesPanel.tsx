import type { HostLinkId, Network, NetworkLease, StaticLease } from '@limen/contract';
import { Anchor, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { Panel } from '../../components/Panel.tsx';
import { PlainTable } from '../../components/PlainTable.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { formatRoute } from '../../lib/route.ts';
import { useText } from '../../locales/i18n.ts';
import { StaticLeaseDialog } from './StaticLeaseDialog.tsx';
import { useNetworkActions } from './use-network-actions.ts';

export interface LeasesPanelProps {
  readonly linkId: HostLinkId;
  readonly network: Network;
}

/** Addresses that guests have now; one of them can be kept for its machine. */
export function LeasesPanel({ linkId, network }: LeasesPanelProps) {
  const { t } = useText();
  const { mayManage } = useNetworkActions(linkId, network);
  const [keeping, setKeeping] = useState<StaticLease>();
  const { leases, persistent, stored } = network;
  const enabled = mayManage && persistent;
  // DHCPv6's leases are for DUIDs, and who has a static lease gets that address at the next renewal.
  const promised = new Set(
    stored.addresses.flatMap(({ staticLeases }) => staticLeases.map(({ mac }) => mac)),
  );
  const cells = (lease: NetworkLease) => [
    lease.ip,
    <div key="machine">
      {lease.machine === null ? (
        (lease.hostname ?? t('common:unknown'))
      ) : (
        <Anchor fz="inherit" href={formatRoute({ page: 'machine', linkId, machineId: lease.machine.id })}>
          {lease.machine.name}
        </Anchor>
      )}
      <Text size="xs" c="var(--limen-quiet)">
        {lease.mac}
      </Text>
    </div>,
    <Group key="end" justify="space-between" gap="xs">
      <Text fz="inherit" style={{ whiteSpace: 'nowrap' }} component="span">
        {lease.expiresAt === null ? t('networks:leases.never') : <RelativeTime at={lease.expiresAt} />}
        {lease.static && ` · ${t('networks:leases.static')}`}
      </Text>
      {enabled &&
        !lease.static &&
        lease.mac !== null &&
        !promised.has(lease.mac) &&
        !lease.ip.includes(':') && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t('networks:leases.keepOf', { ip: lease.ip })}
            onClick={() => setKeeping({ ip: lease.ip, mac: lease.mac, duid: null, name: null })}
          >
            {t('networks:leases.keep')}
          </Button>
        )}
    </Group>,
  ];
  return (
    <Panel title={t('networks:leases.title')}>
      {leases.length === 0 ? (
        <Text size="sm" c="var(--limen-quiet)">
          {t('networks:leases.none')}
        </Text>
      ) : (
        <PlainTable
          label={t('networks:leases.title')}
          head={[t('networks:leases.ip'), t('networks:leases.machine'), t('networks:leases.expires')]}
          rows={leases.map((lease) => ({ key: `${lease.ip} ${lease.mac ?? ''}`, cells: cells(lease) }))}
        />
      )}
      {keeping && (
        <StaticLeaseDialog
          linkId={linkId}
          network={network}
          old={undefined}
          initial={keeping}
          onClose={() => setKeeping(undefined)}
        />
      )}
    </Panel>
  );
}
