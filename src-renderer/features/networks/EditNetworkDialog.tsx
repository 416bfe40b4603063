import { type HostLinkId, type Network, networkKind, type NetworksSnapshot } from '@limen/contract';
import { Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { DialogActions } from '../../components/DialogActions.tsx';
import { useText } from '../../locales/i18n.ts';
import { AddressFields } from './AddressFields.tsx';
import { DomainFields } from './DomainFields.tsx';
import { EditRefusal } from './EditRefusal.tsx';
import { KindFields } from './KindFields.tsx';
import { checkEdits, draftOf, editsOf, type NetworkDraft, propose } from './network-form.ts';
import { useEditNetwork } from './use-edit-network.ts';

export interface EditNetworkDialogProps {
  readonly linkId: HostLinkId;
  readonly network: Network;
  readonly snapshot: NetworksSnapshot;
  readonly onClose: () => void;
}

/** Change what a network is. Says in advance what its next start is needed for. */
export function EditNetworkDialog({ linkId, network, snapshot, onClose }: EditNetworkDialogProps) {
  const { t } = useText();
  const { busy, error, edit } = useEditNetwork(linkId, network);
  // As it was when this was opened: a refresh must not change fields under the fingers.
  const [opened] = useState(network);
  const { name, stored } = opened;
  const [draft, setDraft] = useState(() => draftOf(name, stored));
  const change = (part: Partial<NetworkDraft>): void => setDraft((before) => ({ ...before, ...part }));
  const edits = editsOf(draft, stored);
  const { taken, devices } = snapshot.surroundings;
  const problems = checkEdits(edits, opened, snapshot, t);
  const waits = network.active && edits.some(({ type }) => type !== 'set-ranges');
  const ofBridge = stored.kind === 'bridge';
  return (
    <Modal opened onClose={onClose} size="lg" title={t('networks:edit.title', { name })}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (edits.length > 0 && problems.size === 0) edit(edits, onClose);
        }}
      >
        <Stack>
          <KindFields
            kinds={ofBridge ? ['bridge'] : networkKind.options.filter((kind) => kind !== 'bridge')}
            draft={draft}
            onChange={change}
            devices={devices.filter((device) => device !== stored.bridge)}
            bridges={snapshot.bridges.map((bridge) => bridge.name)}
            problems={problems}
          />
          {!ofBridge && (
            <>
              {(['ipv4', 'ipv6'] as const).map((family) => (
                <AddressFields
                  key={family}
                  family={family}
                  value={draft[family]}
                  onChange={(value) => change({ [family]: value })}
                  propose={() => propose(family, taken)}
                  problems={problems}
                />
              ))}
              <DomainFields draft={draft} onChange={change} problems={problems} />
            </>
          )}
          {waits && (
            <Text size="sm" c="var(--limen-paused)" role="status">
              {t('networks:edit.waits')}
            </Text>
          )}
          <EditRefusal error={error} />
          <DialogActions
            busy={busy}
            disabled={edits.length === 0 || problems.size > 0}
            submit={t('common:save')}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
