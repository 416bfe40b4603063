import { type HostLink, LimenError } from '@limen/contract';
import { Alert, Button, Group, Loader, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconPlugConnectedX, IconShieldX, type TablerIcon } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { asLimenError, call } from '../../api/bridge.ts';
import { errorText } from '../../components/error-text.ts';
import { Fingerprint } from '../../components/Fingerprint.tsx';
import { notifyError } from '../../components/notify.tsx';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../locales/i18n.ts';
import { useHypervisor } from '../../stores/inventory.ts';

/** Why a host is not live, and what the person can do about it. Nothing while all is well. */
export function LinkNotice({ link }: { readonly link: HostLink }) {
  switch (link.state) {
    case 'live':
      return <HypervisorNotice link={link} />;
    case 'waiting':
      return <Waiting link={link} />;
    case 'untrusted':
      return <Untrusted link={link} />;
    case 'incompatible':
      return <Incompatible link={link} />;
    case 'needs-sign-in':
      return null;
    case 'idle':
    case 'resolving':
    case 'connecting':
    case 'authenticating':
    case 'syncing':
      return <Busy link={link} />;
  }
}

function HypervisorNotice({ link }: { readonly link: HostLink }) {
  const { t } = useText();
  const hypervisor = useHypervisor(link.id);
  if (!hypervisor || hypervisor.state === 'connected') return null;
  return (
    <Notice color="yellow" icon={IconAlertTriangle} title={t('hosts:noHypervisorTitle', { host: link.name })}>
      {t('hosts:noHypervisorBody', { detail: hypervisor.detail ?? '' })}
    </Notice>
  );
}

function Busy({ link }: { readonly link: HostLink }) {
  const { t } = useText();
  return (
    <Group gap="sm" role="status">
      <Loader size="sm" aria-hidden />
      <Text size="sm">{t('hosts:busy.title', { host: link.name })}</Text>
    </Group>
  );
}

function Waiting({ link }: { readonly link: HostLink }) {
  const { t } = useText();
  const now = useNow(1_000);
  const seconds = link.retryAt === null ? 0 : Math.max(0, Math.ceil((Date.parse(link.retryAt) - now) / 1000));
  const why = link.error ? errorText(LimenError.from(link.error), t) : undefined;
  return (
    <Notice color="red" icon={IconPlugConnectedX} title={t('hosts:waiting.title', { host: link.name })}>
      <Stack gap="xs" align="flex-start">
        {why && (
          <Text size="sm">
            {why.why} {why.todo}
          </Text>
        )}
        <Group gap="sm">
          <Text size="sm" aria-live="off">
            {seconds > 0 ? t('hosts:waiting.countdown', { seconds }) : t('hosts:waiting.now')}
          </Text>
          <Button
            size="xs"
            variant="default"
            onClick={() => void call('links.retry', { linkId: link.id }).catch(() => {})}
          >
            {t('hosts:waiting.retry')}
          </Button>
        </Group>
      </Stack>
    </Notice>
  );
}

function Untrusted({ link }: { readonly link: HostLink }) {
  const { t } = useText();
  const [busy, setBusy] = useState(false);
  const error = link.error ? LimenError.from(link.error) : undefined;
  const shown = LimenError.is(error, 'CERTIFICATE_CHANGED') ? error.data.actual : undefined;
  const trust = async (fingerprint: string) => {
    setBusy(true);
    try {
      await call('links.trust', { linkId: link.id, fingerprint });
    } catch (failure) {
      notifyError(t('hosts:untrusted.trust'), asLimenError(failure), t);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Notice color="red" icon={IconShieldX} title={t('hosts:untrusted.title', { host: link.name })}>
      <Stack align="flex-start">
        <Text size="sm">{t('hosts:untrusted.body')}</Text>
        <SimpleGrid cols={{ base: 1, xl: 2 }}>
          <Fingerprint label={t('hosts:untrusted.expected')} value={link.fingerprint} />
          {shown !== undefined && (
            <Fingerprint label={t('hosts:untrusted.actual')} value={shown} against={link.fingerprint} />
          )}
        </SimpleGrid>
        {shown !== undefined && (
          <Button color="red" loading={busy} onClick={() => void trust(shown)}>
            {t('hosts:untrusted.trust')}
          </Button>
        )}
      </Stack>
    </Notice>
  );
}

function Incompatible({ link }: { readonly link: HostLink }) {
  const { t } = useText();
  const why = link.error ? errorText(LimenError.from(link.error), t).why : '';
  return (
    <Notice
      color="yellow"
      icon={IconAlertTriangle}
      title={t('hosts:incompatible.title', { host: link.name })}
    >
      {why} {t('hosts:incompatible.body')}
    </Notice>
  );
}

interface NoticeProps {
  readonly color: 'red' | 'yellow';
  readonly icon: TablerIcon;
  readonly title: string;
  readonly children: ReactNode;
}

function Notice({ color, icon: Icon, title, children }: NoticeProps) {
  return (
    <Alert color={color} variant="light" icon={<Icon aria-hidden />} title={title} role="alert">
      {children}
    </Alert>
  );
}
