import {
  type HostLink,
  type HostProbe,
  type LimenError,
  parseAddress,
  parsePairingLink,
} from '@limen/contract';
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { call } from '../../api/bridge.ts';
import { copyText } from '../../api/clipboard.ts';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { FactList } from '../../components/FactList.tsx';
import { Fingerprint } from '../../components/Fingerprint.tsx';
import { notifyDone } from '../../components/notify.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { closeOverlays } from '../../stores/overlays.ts';

/**
 * A pairing link carries address, fingerprint and a one-time code, so it adds and signs in at once. An address
 * alone needs the person to compare the fingerprint first.
 */
export function AddHostDialog() {
  const { t } = useText();
  const [probe, setProbe] = useState<HostProbe>();
  const { busy, error, attempt, forget } = useAttempt();
  const form = useForm({
    initialValues: { target: '' },
    validate: { target: (value) => invalidTarget(value.trim()) },
  });

  function invalidTarget(value: string): string | null {
    if (value.startsWith('limen:')) return parsePairingLink(value) ? null : t('hosts:add.invalidLink');
    return parseAddress(value) ? null : t('hosts:add.invalid');
  }

  const added = (link: HostLink) => {
    closeOverlays();
    notifyDone(t('hosts:added', { host: link.name }));
    navigate({ page: 'host', linkId: link.id });
  };

  const submit = form.onSubmit(({ target }) =>
    attempt(async () => {
      const text = target.trim();
      if (parsePairingLink(text)) added(await call('links.pair', { link: text }));
      else setProbe(await call('links.probe', { address: text }));
    }),
  );
  const isLink = form.values.target.trim().startsWith('limen:');

  return (
    <Modal
      opened
      onClose={closeOverlays}
      size="lg"
      title={probe ? t('hosts:add.compareTitle') : t('hosts:add.title')}
    >
      {probe ? (
        <Compare
          probe={probe}
          busy={busy}
          error={error}
          onBack={() => {
            setProbe(undefined);
            forget();
          }}
          onTrust={() =>
            void attempt(async () =>
              added(await call('links.add', { address: probe.address, fingerprint: probe.fingerprint })),
            )
          }
        />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm">{t('hosts:add.intro')}</Text>
            <TextInput
              label={t('hosts:add.field')}
              placeholder={t('hosts:add.placeholder')}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
              {...form.getInputProps('target')}
            />
            {error && <ErrorCallout error={error} copy={copyText} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={closeOverlays}>
                {t('common:cancel')}
              </Button>
              <Button type="submit" loading={busy}>
                {isLink ? t('hosts:add.pair') : t('hosts:add.next')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

interface CompareProps {
  readonly probe: HostProbe;
  readonly busy: boolean;
  readonly error: LimenError | undefined;
  readonly onBack: () => void;
  readonly onTrust: () => void;
}

function Compare({ probe, busy, error, onBack, onTrust }: CompareProps) {
  const { t } = useText();
  return (
    <Stack>
      <Text size="sm">{t('hosts:add.compareBody', { host: probe.hostName })}</Text>
      <Fingerprint label={t('hosts:fingerprint')} value={probe.fingerprint} />
      <FactList
        facts={[
          { label: t('hosts:add.host'), value: `${probe.hostName} (${probe.address})` },
          { label: t('hosts:add.version'), value: probe.serviceVersion },
          { label: t('hosts:add.subject'), value: probe.subject },
          { label: t('hosts:add.validTo'), value: <RelativeTime at={probe.validTo} /> },
        ]}
      />
      {!probe.compatible && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
          {t('hosts:add.incompatible')}
        </Alert>
      )}
      {error && <ErrorCallout error={error} copy={copyText} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          {t('common:back')}
        </Button>
        <Button loading={busy} onClick={onTrust} data-autofocus>
          {t('hosts:add.trust')}
        </Button>
      </Group>
    </Stack>
  );
}
