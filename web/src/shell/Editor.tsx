/** SQL with highlighting: CodeMirror, which keeps Tab for moving on. */
import { sql } from "@codemirror/lang-sql";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { minimalSetup } from "codemirror";
import { useEffect, useRef } from "react";

interface Props {
  value: string;
  label: string;
  onChange?: (text: string) => void;
}

export function Editor({ value, label, onChange }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useRef(onChange);
  told.current = onChange;
  const editable = onChange !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor keeps its own text after the first
  useEffect(() => {
    if (!place.current) return;
    const made = new EditorView({
      parent: place.current,
      doc: value,
      extensions: [
        minimalSetup,
        sql(),
        EditorView.lineWrapping,
        EditorState.readOnly.of(!editable),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": String(!editable) }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) told.current?.(update.state.doc.toString());
        }),
      ],
    });
    view.current = made;
    return () => made.destroy();
  }, [label, editable]);
  useEffect(() => {
    const now = view.current;
    if (now && now.state.doc.toString() !== value) {
      now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value } });
    }
  }, [value]);
  return <div className="editor" ref={place} />;
}
