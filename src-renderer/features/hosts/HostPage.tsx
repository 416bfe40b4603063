import type { HostLink, HostLinkId } from '@limen/contract';
import { ScrollArea, SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { IconServerOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { copyText } from '../../api/clipboard.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { Fingerprint } from '../../components/Fingerprint.tsx';
import { Panel } from '../../components/Panel.tsx';
import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { useLink } from '../../stores/links.ts';
import { HostHeader } from './HostHeader.tsx';
import { AccelerationPanel, HardwarePanel, HealthPanel, LoadPanel } from './HostPanels.tsx';
import { LinkNotice } from './LinkNotice.tsx';
import { useHostInfo } from './use-host-info.ts';

export interface HostPageProps {
  readonly linkId: HostLinkId;
  /** The sign-in form of a host, put in from outside: a feature does not know another. */
  readonly signIn: (link: HostLink) => ReactNode;
}

export function HostPage({ linkId, signIn }: HostPageProps) {
  const { t } = useText();
  const link = useLink(linkId);
  useDocumentTitle(link?.name ?? t('hosts:gone.title'));
  if (!link) {
    return (
      <EmptyState
        icon={IconServerOff}
        title={t('hosts:gone.title')}
        body={t('hosts:gone.body')}
        action={{ label: t('machine:gone.action'), onClick: () => navigate({ page: 'machines' }) }}
      />
    );
  }
  return (
    <ScrollArea h="100%" type="auto">
      <Stack gap="md" p="md">
        <HostHeader link={link} />
        <LinkNotice link={link} />
        {link.state === 'needs-sign-in' ? signIn(link) : <HostDetails key={link.id} link={link} />}
      </Stack>
    </ScrollArea>
  );
}

function HostDetails({ link }: { readonly link: HostLink }) {
  const { t } = useText();
  const { info, error, reload } = useHostInfo(link);
  return (
    <>
      {error && <ErrorCallout title={t('hosts:infoFailed')} error={error} onRetry={reload} copy={copyText} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Stack>
          <HealthPanel link={link} info={info} />
          {info && <HardwarePanel link={link} info={info} />}
          {!info && link.state === 'live' && !error && <Skeleton h={220} />}
        </Stack>
        <Stack>
          <LoadPanel link={link} />
          {info && <AccelerationPanel info={info} />}
          {link.state !== 'untrusted' && (
            <Panel title={t('hosts:fact.fingerprint')}>
              <Fingerprint label={t('hosts:fingerprint')} value={link.fingerprint} />
            </Panel>
          )}
        </Stack>
      </SimpleGrid>
    </>
  );
}
