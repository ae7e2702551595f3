/** Shows JSON as a tree that can be folded. All of it is text: nothing in it becomes a link or markup. */
import { useState } from "preact/hooks";
import { visible } from "../state/format.ts";

/** Deeper levels and long lists begin folded. */
const OPEN_DEPTH = 3;
const OPEN_ITEMS = 40;

interface JsonProps {
  readonly value: unknown;
  readonly name?: string | undefined;
  readonly depth?: number;
}

export function Json({ value, name, depth = 0 }: JsonProps) {
  if (typeof value !== "object" || value === null)
    return (
      <div class="json-line">
        <Name name={name} />
        <Scalar value={value} />
      </div>
    );
  return <Branch value={value} name={name} depth={depth} />;
}

function Branch({ value, name, depth = 0 }: JsonProps & { readonly value: object }) {
  const entries: [name: string, value: unknown][] = Object.entries(value);
  const [isOpen, open] = useState(depth < OPEN_DEPTH && entries.length <= OPEN_ITEMS);
  const [left, right] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0)
    return (
      <div class="json-line">
        <Name name={name} />
        {left}
        {right}
      </div>
    );
  return (
    <div>
      <button
        type="button"
        class="json-fold"
        aria-expanded={isOpen}
        onClick={() => {
          open(!isOpen);
        }}
      >
        <span class="json-mark" aria-hidden="true">
          {isOpen ? "▾" : "▸"}
        </span>
        <Name name={name} />
        {left}
        {!isOpen && <span class="quiet"> {entries.length} … </span>}
        {!isOpen && right}
      </button>
      {isOpen && (
        <>
          <div class="json-level">
            {entries.map(([key, each]) => (
              <Json key={key} value={each} name={Array.isArray(value) ? undefined : key} depth={depth + 1} />
            ))}
          </div>
          <div class="json-line">{right}</div>
        </>
      )}
    </div>
  );
}

function Name({ name }: { readonly name: string | undefined }) {
  return name === undefined ? null : <span class="json-name">{visible(name)}: </span>;
}

function Scalar({ value }: { readonly value: unknown }) {
  const [isWhole, showWhole] = useState(false);
  if (typeof value !== "string") return <span class="json-number">{String(value)}</span>;
  const isLong = value.length > 600;
  return (
    <span class="json-text">
      {visible(JSON.stringify(isLong && !isWhole ? value.slice(0, 600) : value))}
      {isLong && !isWhole && (
        <button
          type="button"
          class="link"
          onClick={() => {
            showWhole(true);
          }}
        >
          … all {value.length.toLocaleString("en")} characters
        </button>
      )}
    </span>
  );
}

/** Shows a body: JSON as a tree, anything else as text. */
export function Body({ value, bytes }: { readonly value: unknown; readonly bytes: number }) {
  if (value === null || value === undefined)
    return <p class="quiet">{bytes === 0 ? "No body." : `${bytes.toLocaleString("en")} bytes, which are not kept.`}</p>;
  return <div class="code">{typeof value === "string" ? <pre>{visible(value)}</pre> : <Json value={value} />}</div>;
}
