import { useEffect } from 'react';

/** The window's title: what it shows, then the program. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'LIMEN' : `${title} — LIMEN`;
  }, [title]);
}
