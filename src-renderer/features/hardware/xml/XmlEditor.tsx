import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { xml } from '@codemirror/lang-xml';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { type Translate, useText } from '../../../locales/i18n.ts';
import { editorTheme } from './editor-theme.ts';

export interface XmlEditorProps {
  readonly label: string;
  readonly text: string;
  /** Null: it is only shown. Called with every change somebody types. */
  readonly onChange?: ((text: string) => void) | null;
  /** Shown against this text: what is gone from it and what is new. */
  readonly against?: string | undefined;
}

/** XML with colours, numbers and folding. Tab leaves the editor: it indents nothing. */
export function XmlEditor({ label, text, onChange = null, against }: XmlEditorProps) {
  const { t, language } = useText();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useRef(onChange);
  const editable = onChange !== null;
  useEffect(() => {
    changed.current = onChange;
  });

  useEffect(() => {
    if (!place.current) return;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          extensions(label, t),
          EditorState.readOnly.of(!editable),
          EditorView.contentAttributes.of({ 'aria-readonly': String(!editable), tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString());
          }),
          against === undefined ? [] : unifiedMergeView({ ...differenceView, original: against }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
    // oxlint-disable-next-line react/exhaustive-deps -- a new text is put into the editor there is, below
  }, [label, language, editable, against]);

  useEffect(() => {
    const { current } = view;
    if (!current || current.state.doc.toString() === text) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: text } });
  }, [text]);

  return <div ref={place} style={{ height: '100%', minHeight: 0 }} />;
}

const differenceView = {
  mergeControls: false,
  collapseUnchanged: { margin: 3, minSize: 8 },
  highlightChanges: true,
  gutter: true,
} as const;

function extensions(label: string, t: Translate): Extension {
  return [
    lineNumbers(),
    foldGutter(),
    history(),
    bracketMatching(),
    indentOnInput(),
    highlightActiveLine(),
    xml(),
    keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap]),
    EditorState.tabSize.of(2),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
    EditorState.phrases.of({
      '$ unchanged lines': t('hardware:xml.unchangedLines'),
      'Fold line': t('hardware:xml.fold'),
      'Unfold line': t('hardware:xml.unfold'),
      folded: t('hardware:xml.folded'),
      unfold: t('hardware:xml.unfold'),
    }),
    editorTheme,
  ];
}
