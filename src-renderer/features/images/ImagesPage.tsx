import type { HostLink } from '@limen/contract';
import { Stack } from '@mantine/core';
import { IconDisc, IconServerBolt, IconServerOff } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { formatNumber } from '../../lib/format.ts';
import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { useText } from '../../locales/i18n.ts';
import { useAllImages } from '../../stores/images.ts';
import { useAllLinks } from '../../stores/links.ts';
import { openAddHost } from '../../stores/overlays.ts';
import { AddImageMenu, type AddWay, offersWay } from './AddImageMenu.tsx';
import { ArrivalsPanel, useArrivals } from './ArrivalsPanel.tsx';
import { ImageTable } from './ImageTable.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { ScanDialog } from './ScanDialog.tsx';
import { UploadDialog } from './UploadDialog.tsx';

/** Hosts that keep a library and can be asked now. */
export function withLibrary(link: HostLink): boolean {
  return link.state === 'live' && link.capabilities.includes('images');
}

/** The libraries of all hosts, what is on its way into them, and the ways in. */
export function ImagesPage() {
  const { t, language } = useText();
  const links = useAllLinks();
  const images = useAllImages();
  const arrivals = useArrivals();
  const expecting = arrivals.uploads.length > 0 || arrivals.jobs.length > 0;
  const [adding, setAdding] = useState<AddWay>();
  const usable = links.filter(withLibrary);
  const offering = (way: AddWay): HostLink[] => usable.filter((link) => offersWay(link, way));
  const close = () => setAdding(undefined);
  useDocumentTitle(t('images:title'));

  return (
    <Stack gap="sm" h="100%" p="md">
      <PageHead
        title={
          images.length === 0
            ? t('images:title')
            : t('images:titleWithCount', { shown: formatNumber(images.length, language) })
        }
      >
        {usable.length > 0 && <AddImageMenu links={usable} onChoose={setAdding} />}
      </PageHead>
      <ArrivalsPanel {...arrivals} />
      {images.length > 0 && <ImageTable entries={images} />}
      {images.length === 0 && !expecting && <Nothing links={links} usable={usable} onAdd={setAdding} />}
      {adding === 'upload' && <UploadDialog links={offering('upload')} onClose={close} />}
      {adding === 'url' && <ImportDialog links={offering('url')} onClose={close} />}
      {adding === 'scan' && <ScanDialog links={usable} onClose={close} />}
    </Stack>
  );
}

interface NothingProps {
  readonly links: readonly HostLink[];
  readonly usable: readonly HostLink[];
  readonly onAdd: (way: AddWay) => void;
}

function Nothing({ links, usable, onAdd }: NothingProps) {
  const { t } = useText();
  if (links.length === 0) {
    return (
      <EmptyState
        icon={IconServerBolt}
        title={t('images:empty.noHosts.title')}
        body={t('images:empty.noHosts.body')}
        action={{ label: t('images:empty.noHosts.action'), onClick: openAddHost }}
      />
    );
  }
  if (usable.length === 0) {
    return (
      <EmptyState
        icon={IconServerOff}
        title={t('images:empty.away.title')}
        body={t('images:empty.away.body')}
      />
    );
  }
  // The one that asks the least of a person first.
  const way = (['url', 'upload', 'scan'] as const).find((one) => usable.some((link) => offersWay(link, one)));
  const explained = way ?? 'scan';
  return (
    <EmptyState
      icon={IconDisc}
      title={t('images:empty.none.title')}
      body={t(`images:empty.none.body.${explained}`)}
      {...(way && { action: { label: t(`images:add.${way}`), onClick: () => onAdd(way) } })}
    />
  );
}
