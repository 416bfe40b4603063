import {
  checkEdit,
  type DnsHost,
  type HostLinkId,
  type Network,
  type NetworkEdit,
  networkEdit,
} from '@limen/contract';
import { Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { DialogActions } from '../../components/DialogActions.tsx';
import { useText } from '../../locales/i18n.ts';
import { EditRefusal } from './EditRefusal.tsx';
import { useEditNetwork } from './use-edit-network.ts';
import { problemText } from './words.ts';

export interface DnsHostDialogProps {
  readonly linkId: HostLinkId;
  readonly network: Network;
  /** The one to be changed; undefined for a new one. */
  readonly old: DnsHost | undefined;
  readonly onClose: () => void;
}

/** Names that guests can look up; the running network knows at once. */
export function DnsHostDialog({ linkId, network, old, onClose }: DnsHostDialogProps) {
  const { t } = useText();
  const { busy, error, edit } = useEditNetwork(linkId, network);
  const [ip, setIp] = useState(old?.ip ?? '');
  const [names, setNames] = useState((old?.hostnames ?? []).join(', '));
  const [asked, setAsked] = useState(false);
  const host = { ip: ip.trim(), hostnames: names.split(/[\s,]+/).filter((name) => name !== '') };
  const change: NetworkEdit =
    old === undefined ? { type: 'add-dns-host', host } : { type: 'replace-dns-host', old, host };
  const problems = new Map<string, string>();
  if (!networkEdit.safeParse(change).success) problems.set('hostnames', t('networks:error.hostnames'));
  for (const problem of checkEdit(change, network.stored, { taken: [], devices: [], bridges: [] })) {
    problems.set(problem.path.at(-1) ?? '', problemText(problem, t));
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(old === undefined ? 'networks:dns.addTitle' : 'networks:dns.editTitle')}
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
          <TextInput
            label={t('networks:dns.ip')}
            data-autofocus
            spellCheck={false}
            value={ip}
            error={ip === '' && !asked ? undefined : problems.get('ip')}
            onChange={(event) => setIp(event.currentTarget.value)}
          />
          <TextInput
            label={t('networks:dns.hostnames')}
            description={t('networks:dns.hostnamesAbout')}
            spellCheck={false}
            value={names}
            error={names === '' && !asked ? undefined : problems.get('hostnames')}
            onChange={(event) => setNames(event.currentTarget.value)}
          />
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
