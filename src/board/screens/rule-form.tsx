/** The form of a new rule: everything that has a list is picked from it. */
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Scenario } from "../../client/documents.ts";
import { path, sandboxDocument } from "../parts/live.tsx";
import { useReading } from "../parts/reading.tsx";
import { show } from "../parts/router.tsx";
import { act, call } from "../parts/session.tsx";
import { Section, Select } from "../parts/words.tsx";
import { emptyDraft, faults, ruleOf, type RuleDraft } from "../state/drafts.ts";

/** The rule that the form begins with; a request of the journal may have set it. */
export const ruleDraft = signal<RuleDraft>(emptyDraft);

interface Operation {
  readonly vendor: string;
  readonly operation: string;
}

export function RuleForm() {
  const { answer: known } = useReading<{ items: Operation[] }>("/operations");
  const { answer: scenarios } = useReading<{ items: Scenario[] }>(path("/scenarios"));
  const [draft, setDraft] = useState(ruleDraft.value);
  const set = (change: Partial<RuleDraft>): void => {
    setDraft({ ...draft, ...change });
  };
  const all = known?.items ?? [];
  const vendors = [...new Set(all.map(({ vendor }) => vendor))];
  const operations = [
    ...new Set(
      all.filter(({ vendor }) => draft.vendor === "" || vendor === draft.vendor).map(({ operation }) => operation),
    ),
  ].toSorted();
  const possible = (scenarios?.items ?? []).filter(
    (scenario) => draft.vendor === "" || scenario.vendors.includes(draft.vendor),
  );
  const anything = ["", "anything"] as const;
  return (
    <form
      class="rule-form"
      onSubmit={(event) => {
        event.preventDefault();
        void act(async () => {
          await call("POST", path("/rules"), { body: ruleOf(draft) });
          ruleDraft.value = emptyDraft;
          show("rules");
        }, "The rule is in force.");
      }}
    >
      <Section title="When a request is">
        <div class="fields">
          <Select
            label="Vendor"
            value={draft.vendor}
            options={[anything, ...vendors]}
            onChange={(vendor) => {
              set({ vendor });
            }}
          />
          <Select
            label="Operation"
            value={draft.operation}
            options={[anything, ...operations]}
            onChange={(operation) => {
              set({ operation });
            }}
          />
          <Select
            label="Account"
            value={draft.account}
            options={[anything, ...(sandboxDocument.value?.accounts ?? [])]}
            onChange={(account) => {
              set({ account });
            }}
          />
          <Text
            label="Label"
            value={draft.label}
            onInput={(label) => {
              set({ label });
            }}
          />
          <Text
            label="Path"
            value={draft.path}
            placeholder="/v2/generate/*"
            onInput={(each) => {
              set({ path: each });
            }}
          />
        </div>
      </Section>
      <Section title="then">
        <div class="fields">
          <Select
            label="Use a"
            value={draft.effect}
            options={["scenario", "fault"]}
            onChange={(effect) => {
              set({ effect: effect === "fault" ? "fault" : "scenario" });
            }}
          />
          {draft.effect === "scenario" ? (
            <>
              <Select
                label="Scenario"
                value={draft.scenario}
                options={possible.map(({ name, summary }) => [name, `${name}: ${summary}`] as const)}
                onChange={(scenario) => {
                  set({ scenario });
                }}
              />
              <Text
                label="Code"
                value={draft.code}
                placeholder="the usual one"
                onInput={(code) => {
                  set({ code });
                }}
              />
            </>
          ) : (
            <Select
              label="Fault"
              value={draft.fault}
              options={faults.map(([name, text]) => [name, `${name}: ${text}`] as const)}
              onChange={(fault) => {
                set({ fault });
              }}
            />
          )}
          <Text
            label="Times"
            value={draft.times}
            placeholder="no limit"
            onInput={(times) => {
              set({ times });
            }}
          />
        </div>
      </Section>
      <pre class="code">{JSON.stringify(ruleOf(draft), null, 2)}</pre>
      <div class="levers">
        <button type="submit" class="primary">
          Add the rule
        </button>
        <button
          type="button"
          onClick={() => {
            show("rules");
          }}
        >
          Back
        </button>
      </div>
    </form>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onInput: (value: string) => void;
}

function Text({ label, value, placeholder = "anything", onInput }: TextProps) {
  return (
    <label class="field">
      <span class="field-name">{label}</span>
      <input
        value={value}
        placeholder={placeholder}
        onInput={(event) => {
          onInput(event.currentTarget.value);
        }}
      />
    </label>
  );
}
