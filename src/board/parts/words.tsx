/** Small parts that every screen uses: badges, icons, panes, empty screens, forms. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { copy } from "./session.tsx";

/** Strokes of the icons, on a grid of 24. */
const icons = {
  timeline: "M4 6h9M8 12h12M4 18h7",
  held: "M12 8v4l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18",
  journal: "M5 4h14v16H5zM9 8h6M9 12h6M9 16h4",
  rules: "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
  webhooks: "M4 12h14M13 6l6 6-6 6",
  media: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
  conduct: "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM9 12l2 2 4-4",
  coverage: "M4 20V10M10 20V4M16 20v-7M21 20H3",
  try: "M7 5l11 7-11 7z",
  sandboxes: "M4 8l8-4 8 4-8 4zM4 12l8 4 8-4M4 16l8 4 8-4",
  freeze: "M9 5v14M15 5v14",
  resume: "M7 5l11 7-11 7z",
  close: "M6 6l12 12M18 6L6 18",
  book: "M5 5a2 2 0 0 1 2-2h12v16H7a2 2 0 0 0-2 2zM5 19a2 2 0 0 1 2-2h12",
} as const;

export type IconName = keyof typeof icons;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={icons[name]} />
    </svg>
  );
}

export function VendorBadge({ vendor }: { readonly vendor: string | null }) {
  return <span class={`vendor vendor-${hueOf(vendor ?? "")}`}>{vendor ?? "no vendor"}</span>;
}

/** Returns one of six colours by a name, so that a further vendor has a colour without a change here. */
function hueOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.charCodeAt(0)) % 997;
  return sum % 6;
}

export function Phase({ phase }: { readonly phase: string }) {
  return <span class={`phase phase-${phase}`}>{phase}</span>;
}

export function Status({ status, state }: { readonly status: number | null; readonly state: string }) {
  const text = status === null ? state : String(status);
  const kind = status === null ? (state === "held" ? "held" : "none") : `${String(status).charAt(0)}xx`;
  return <span class={`status status-${kind}`}>{text}</span>;
}

interface PaneProps {
  readonly title: ComponentChildren;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A pane at the side, or above everything on a narrow page. Escape closes it, and the focus goes back to what opened it. */
export function Pane({ title, label, onClose, children }: PaneProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const pane = useRef<HTMLElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    const { activeElement } = document;
    if (pane.current?.contains(activeElement) === false) opener.current = activeElement;
    heading.current?.focus();
  }, [label]);
  useLayoutEffect(() => {
    const { current } = pane;
    return () => {
      // The user may have gone elsewhere already, which closes the pane too.
      if (current?.contains(document.activeElement) !== true) return;
      const { current: before } = opener;
      const target =
        before === document.body || before?.isConnected !== true ? document.querySelector("#main") : before;
      if (target instanceof HTMLElement) target.focus();
    };
  }, []);
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) onClose();
    };
    addEventListener("keydown", close);
    return () => {
      removeEventListener("keydown", close);
    };
  }, [onClose]);
  return (
    <aside ref={pane} class="pane" aria-label={label}>
      <header class="pane-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="plain" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="pane-body">{children}</div>
    </aside>
  );
}

export function Section({
  title,
  children,
  side,
}: {
  title: string;
  children: ComponentChildren;
  side?: ComponentChildren;
}) {
  return (
    <section class="section">
      <div class="section-head">
        <h3>{title}</h3>
        {side}
      </div>
      {children}
    </section>
  );
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function CopyButton({ text, what, label = "Copy" }: { text: string; what: string; label?: string }) {
  return (
    <button type="button" class="small" aria-label={`${label} ${what}`} onClick={() => void copy(text, what)}>
      {label}
    </button>
  );
}

interface FactsProps {
  readonly facts: readonly (readonly [name: string, value: ComponentChildren])[];
}

/** A table of names and values; a fact without a value is left out. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (string | readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
  readonly isHidden?: boolean;
}

export function Select({ label, value, options, onChange, isHidden = false }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <label htmlFor={id} class={isHidden ? "hidden" : "field-name"}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      >
        {options.map((option) => {
          const [each, text] = typeof option === "string" ? [option, option] : option;
          return (
            <option key={each} value={each}>
              {text}
            </option>
          );
        })}
      </select>
    </div>
  );
}
