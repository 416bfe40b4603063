import { type HostLinkId, isSameLease, type Network, type StaticLease } from '@limen/contract';
import { Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { confirmDestructive } from '../../components/confirm.tsx';
import { Panel } from '../../components/Panel.tsx';
import { PlainTable } from '../../components/PlainTable.tsx';
import { useText } from '../../locales/i18n.ts';
import { EditRefusal } from './EditRefusal.tsx';
import { EntryActions } from './EntryActions.tsx';
import { StaticLeaseDialog } from './StaticLeaseDialog.tsx';
import { useEditNetwork } from './use-edit-network.ts';
import { useNetworkActions } from './use-network-actions.ts';

export interface StaticLeasesPanelProps {
  readonly linkId: HostLinkId;
  readonly network: Network;
}

const nothing: StaticLease = { ip: null, mac: null, duid: null, name: null };

/** Addresses that are promised. */
export function StaticLeasesPanel({ linkId, network }: StaticLeasesPanelProps) {
  const { t } = useText();
  const { mayManage } = useNetworkActions(linkId, network);
  const { edit, error } = useEditNetwork(linkId, network);
  const [open, setOpen] = useState<{ readonly old: StaticLease | undefined }>();
  const { stored, live, persistent } = network;
  const leases = stored.addresses.flatMap(({ staticLeases }) => staticLeases);
  const running = live?.addresses.flatMap(({ staticLeases }) => staticLeases) ?? leases;
  const enabled = mayManage && persistent;
  const remove = async (lease: StaticLease): Promise<void> => {
    const ip = lease.ip ?? '';
    const question = {
      title: t('networks:lease.removeTitle', { ip }),
      body: t('networks:lease.removeBody', { who: whoOf(lease, network) }),
      confirm: t('networks:remove'),
    };
    if (await confirmDestructive(question, t)) edit([{ type: 'remove-static-lease', lease }], () => {});
  };
  return (
    <Panel
      title={t('networks:lease.title')}
      aside={
        enabled &&
        stored.addresses.length > 0 && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            aria-label={t('networks:lease.addTitle')}
            onClick={() => setOpen({ old: undefined })}
          >
            {t('networks:add')}
          </Button>
        )
      }
    >
      {leases.length === 0 ? (
        <Text size="sm" c="var(--limen-quiet)">
          {t('networks:lease.none')}
        </Text>
      ) : (
        <PlainTable
          label={t('networks:lease.title')}
          head={[t('networks:leases.ip'), t('networks:lease.identity'), t('networks:lease.name')]}
          rows={leases.map((lease) => ({
            key: `${lease.ip} ${lease.mac} ${lease.duid} ${lease.name}`,
            cells: [
              lease.ip ?? t('common:gap'),
              whoOf(lease, network),
              <EntryActions
                key="name"
                name={lease.ip ?? ''}
                waits={!running.some((each) => isSameLease(each, lease))}
                enabled={enabled}
                onEdit={() => setOpen({ old: lease })}
                onRemove={() => void remove(lease)}
              >
                {lease.name ?? t('common:gap')}
              </EntryActions>,
            ],
          }))}
        />
      )}
      <EditRefusal error={error} />
      {open && (
        <StaticLeaseDialog
          linkId={linkId}
          network={network}
          old={open.old}
          initial={open.old ?? nothing}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Panel>
  );
}

/** The machine if it is known, and what it is recognised by. */
function whoOf({ mac, duid }: StaticLease, { users }: Network): string {
  const machine = users.find((user) => user.mac === mac)?.name;
  const identity = mac ?? duid ?? '';
  return machine === undefined ? identity : `${machine} (${identity})`;
}
