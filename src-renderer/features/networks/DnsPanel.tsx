import { type DnsHost, type HostLinkId, isSameHost, type Network } from '@limen/contract';
import { Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { confirmDestructive } from '../../components/confirm.tsx';
import { Panel } from '../../components/Panel.tsx';
import { PlainTable } from '../../components/PlainTable.tsx';
import { useText } from '../../locales/i18n.ts';
import { DnsHostDialog } from './DnsHostDialog.tsx';
import { EditRefusal } from './EditRefusal.tsx';
import { EntryActions } from './EntryActions.tsx';
import { useEditNetwork } from './use-edit-network.ts';
import { useNetworkActions } from './use-network-actions.ts';

export interface DnsPanelProps {
  readonly linkId: HostLinkId;
  readonly network: Network;
}

/** Names that the network's own DNS knows. */
export function DnsPanel({ linkId, network }: DnsPanelProps) {
  const { t } = useText();
  const { mayManage } = useNetworkActions(linkId, network);
  const { edit, error } = useEditNetwork(linkId, network);
  const [open, setOpen] = useState<{ readonly old: DnsHost | undefined }>();
  const { stored, live, persistent } = network;
  const running = live?.dnsHosts ?? stored.dnsHosts;
  const enabled = mayManage && persistent;
  const remove = async (host: DnsHost): Promise<void> => {
    const question = {
      title: t('networks:dns.removeTitle', { ip: host.ip }),
      body: t('networks:dns.removeBody', { names: host.hostnames.join(', ') }),
      confirm: t('networks:remove'),
    };
    if (await confirmDestructive(question, t)) edit([{ type: 'remove-dns-host', host }], () => {});
  };
  return (
    <Panel
      title={t('networks:dns.title')}
      aside={
        enabled && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            aria-label={t('networks:dns.addTitle')}
            onClick={() => setOpen({ old: undefined })}
          >
            {t('networks:add')}
          </Button>
        )
      }
    >
      {stored.dnsHosts.length === 0 ? (
        <Text size="sm" c="var(--limen-quiet)">
          {t('networks:dns.none')}
        </Text>
      ) : (
        <PlainTable
          label={t('networks:dns.title')}
          head={[t('networks:leases.ip'), t('networks:dns.hostnames')]}
          rows={stored.dnsHosts.map((host) => ({
            key: `${host.ip} ${host.hostnames.join(' ')}`,
            cells: [
              host.ip,
              <EntryActions
                key="names"
                name={host.ip}
                waits={!running.some((each) => isSameHost(each, host))}
                enabled={enabled}
                onEdit={() => setOpen({ old: host })}
                onRemove={() => void remove(host)}
              >
                {host.hostnames.join(', ')}
              </EntryActions>,
            ],
          }))}
        />
      )}
      <EditRefusal error={error} />
      {open && (
        <DnsHostDialog linkId={linkId} network={network} old={open.old} onClose={() => setOpen(undefined)} />
      )}
    </Panel>
  );
}
