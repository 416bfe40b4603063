import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { useText } from '../../locales/i18n.ts';
import { useMachine } from '../../stores/inventory.ts';
import { useLink } from '../../stores/links.ts';
import type { MachineRef } from '../../stores/machine-key.ts';
import { ConsoleView } from './ConsoleView.tsx';

/** The whole of a console's native window. */
export function ConsoleWindow({ target }: { readonly target: MachineRef }) {
  const { t } = useText();
  const name = useMachine(target)?.name;
  const host = useLink(target.linkId)?.name;
  useDocumentTitle(name === undefined || host === undefined ? '' : t('console:title', { name, host }));
  return (
    <main style={{ height: '100%' }}>
      <ConsoleView target={target} ownWindow />
    </main>
  );
}
