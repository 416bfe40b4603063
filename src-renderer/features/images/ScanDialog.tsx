import type { HostLink, HostLinkId, Image } from '@limen/contract';
import { Button, Group, List, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { HostSelect } from './HostSelect.tsx';

interface ScanResult {
  readonly added: readonly Image[];
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
}

export interface ScanDialogProps {
  readonly links: readonly HostLink[];
  readonly onClose: () => void;
}

/** Take in what already lies in the host's directories; then what was found, and what was not taken and why. */
export function ScanDialog({ links, onClose }: ScanDialogProps) {
  const { t } = useText();
  const administered = links.filter((link) => link.user?.role === 'administrator');
  const [linkId, setLinkId] = useState<HostLinkId | undefined>(administered[0]?.id);
  const [result, setResult] = useState<ScanResult>();
  const { busy, error, attempt } = useAttempt();
  return (
    <Modal opened onClose={onClose} size="lg" title={t('images:scan.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(async () => {
            if (linkId !== undefined) setResult(await hostClient(linkId).images.scan({}));
          });
        }}
      >
        <Stack>
          <Text size="sm">{t('images:scan.about')}</Text>
          <HostSelect links={administered} value={linkId} onChange={setLinkId} />
          {result && <Found result={result} />}
          {error && <ErrorCallout error={error} copy={copyText} />}
          {result ? (
            <Group justify="flex-end">
              <Button onClick={onClose} data-autofocus>
                {t('common:close')}
              </Button>
            </Group>
          ) : (
            <DialogActions busy={busy} submit={t('images:scan.submit')} onCancel={onClose} />
          )}
        </Stack>
      </form>
    </Modal>
  );
}

function Found({ result: { added, refused } }: { readonly result: ScanResult }) {
  const { t } = useText();
  return (
    <ScrollArea.Autosize mah={280} type="auto" role="status" viewportProps={{ tabIndex: 0 }}>
      <Text size="sm" fw={600}>
        {t('images:scan.added', { count: added.length })}
      </Text>
      <List size="sm" mb="sm">
        {added.map((image) => (
          <List.Item key={image.id}>{image.name}</List.Item>
        ))}
      </List>
      {refused.length > 0 && (
        <>
          <Text size="sm" fw={600}>
            {t('images:scan.refused', { count: refused.length })}
          </Text>
          <List size="sm">
            {refused.map(({ path, reason }) => (
              <List.Item key={path}>
                {path}: {reason}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </ScrollArea.Autosize>
  );
}
