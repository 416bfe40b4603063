import { LimenError } from '@limen/contract';
import { Component, type ReactNode } from 'react';
import { copyText } from '../../api/clipboard.ts';
import { useText } from '../../locales/i18n.ts';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';

interface CrashState {
  readonly error: LimenError | undefined;
}

/** A view that throws leaves the rest of the window usable, and says so. */
export class CrashBoundary extends Component<{ readonly children: ReactNode }, CrashState> {
  override readonly state: CrashState = { error: undefined };

  static getDerivedStateFromError(cause: unknown): CrashState {
    const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return { error: new LimenError('INTERNAL', {}, { message, cause }) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? (
      <Crash error={error} onRetry={() => this.setState({ error: undefined })} />
    ) : (
      this.props.children
    );
  }
}

function Crash({ error, onRetry }: { readonly error: LimenError; readonly onRetry: () => void }) {
  const { t } = useText();
  return (
    <div style={{ padding: 16 }}>
      <ErrorCallout title={t('frame:crash.title')} error={error} onRetry={onRetry} copy={copyText} />
    </div>
  );
}
