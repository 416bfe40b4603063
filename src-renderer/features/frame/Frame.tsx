import { AppShell } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useText } from '../../locales/i18n.ts';
import { navigate } from '../../lib/use-route.ts';
import { openShortcuts, useOverlays } from '../../stores/overlays.ts';
import { Header } from './Header.tsx';
import classes from './frame.module.css';
import { ShortcutsDialog } from './ShortcutsDialog.tsx';
import { Sidebar } from './Sidebar.tsx';
import { StatusLine } from './StatusLine.tsx';

export interface FrameProps {
  /** What is under way, for the header; put in from outside, because a feature does not know another. */
  readonly jobs: ReactNode;
  readonly children: ReactNode;
}

/** The window around every page. */
export function Frame({ jobs, children }: FrameProps) {
  const { t } = useText();
  const shortcuts = useOverlays((state) => state.shortcuts);
  useHotkeys([
    ['shift+?', openShortcuts],
    ['mod+N', () => navigate({ page: 'new-machine' })],
  ]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 0 }}
      padding={0}
      transitionDuration={0}
    >
      <a href="#main" className={classes['skip']} onClick={focusMain}>
        {t('frame:skip')}
      </a>
      <AppShell.Header bg="var(--limen-raised)">
        <Header jobs={jobs} />
      </AppShell.Header>
      <AppShell.Navbar p="xs" bg="var(--limen-raised)" aria-label={t('frame:nav.label')}>
        <Sidebar />
      </AppShell.Navbar>
      <AppShell.Main className={classes['main']} id="main" tabIndex={-1}>
        <div className={classes['page']}>{children}</div>
        <StatusLine />
      </AppShell.Main>
      {shortcuts && <ShortcutsDialog />}
    </AppShell>
  );
}

/** Not by the link itself: the hash is the route. */
function focusMain(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
