import {
  checkEdit,
  type HostLinkId,
  type Network,
  type NetworkEdit,
  networkEdit,
  type StaticLease,
} from '@limen/contract';
import { Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { DialogActions } from '../../components/DialogActions.tsx';
import { useText } from '../../locales/i18n.ts';
import { EditRefusal } from './EditRefusal.tsx';
import { useEditNetwork } from './use-edit-network.ts';
import { problemText } from './words.ts';

export interface StaticLeaseDialogProps {
  readonly linkId: HostLinkId;
  readonly network: Network;
  /** The one to be changed; undefined for a new one. */
  readonly old: StaticLease | undefined;
  /** What the fields begin with. */
  readonly initial: StaticLease;
  readonly onClose: () => void;
}

/** Promise an address to a machine; the running network knows at once. */
export function StaticLeaseDialog({ linkId, network, old, initial, onClose }: StaticLeaseDialogProps) {
  const { t } = useText();
  const { busy, error, edit } = useEditNetwork(linkId, network);
  const [ip, setIp] = useState(initial.ip ?? '');
  const [mac, setMac] = useState(initial.mac ?? '');
  const [duid, setDuid] = useState(initial.duid ?? '');
  const [name, setName] = useState(initial.name ?? '');
  const [asked, setAsked] = useState(false);
  const six = ip.includes(':');
  const lease = {
    ip: ip.trim(),
    mac: six ? null : mac.trim() || null,
    duid: six ? duid.trim() || null : null,
    name: name.trim() || null,
  };
  const change: NetworkEdit =
    old === undefined ? { type: 'add-static-lease', lease } : { type: 'replace-static-lease', old, lease };
  const problems = new Map<string, string>();
  const parsed = networkEdit.safeParse(change);
  for (const { path } of parsed.error?.issues ?? []) {
    const field = path.at(-1);
    if (field === 'mac' || field === 'duid' || field === 'name') {
      problems.set(field, t(`networks:error.${field === 'name' ? 'hostname' : field}`));
    }
  }
  if (parsed.success) {
    const around = { taken: [], devices: [], bridges: [] };
    for (const problem of checkEdit(change, network.stored, around)) {
      problems.set(problem.path.at(-1) ?? '', problemText(problem, t));
    }
  }
  const shown = (field: string, value: string): string | undefined =>
    value === '' && !asked ? undefined : problems.get(field);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(old === undefined ? 'networks:lease.addTitle' : 'networks:lease.editTitle')}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (problems.size === 0) edit([change], onClose);
        }}
      >
        <Stack>
          {old === undefined && network.users.length > 0 && (
            <Select
              label={t('networks:lease.machine')}
              placeholder={t('networks:lease.machineNone')}
              data={machinesByMac(network)}
              value={mac === '' ? null : mac}
              clearable
              onChange={(value) => setMac(value ?? '')}
            />
          )}
          <TextInput
            label={t('networks:lease.ip')}
            data-autofocus
            spellCheck={false}
            value={ip}
            error={shown('ip', ip)}
            onChange={(event) => setIp(event.currentTarget.value)}
          />
          {six ? (
            <TextInput
              label={t('networks:lease.duid')}
              description={t('networks:lease.duidAbout')}
              spellCheck={false}
              value={duid}
              error={shown('duid', duid)}
              onChange={(event) => setDuid(event.currentTarget.value)}
            />
          ) : (
            <TextInput
              label={t('networks:lease.mac')}
              placeholder="52:54:00:12:34:56"
              spellCheck={false}
              value={mac}
              error={shown('mac', mac)}
              onChange={(event) => setMac(event.currentTarget.value)}
            />
          )}
          <TextInput
            label={t('networks:lease.name')}
            description={t('networks:lease.nameAbout')}
            spellCheck={false}
            value={name}
            error={shown('name', name)}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Text size="xs" c="dimmed">
            {t('networks:lease.about')}
          </Text>
          <EditRefusal error={error} />
          <DialogActions
            busy={busy}
            disabled={asked && problems.size > 0}
            submit={t(old === undefined ? 'networks:add' : 'common:save')}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}

/** Interfaces that have no static lease yet, by machine. */
function machinesByMac({ users, stored }: Network): { value: string; label: string }[] {
  const taken = new Set(stored.addresses.flatMap(({ staticLeases }) => staticLeases.map(({ mac }) => mac)));
  const free = new Map(users.filter(({ mac }) => !taken.has(mac)).map((user) => [user.mac, user]));
  return [...free.values()].map(({ mac, name }) => ({ value: mac, label: `${name} (${mac})` }));
}
