/** Says why a request was answered as it was: its scenario, its rules, its fault, and each diagnostic with its cure. */
import type { JournalRequest } from "../../client/documents.ts";
import { useReading } from "../parts/reading.tsx";
import { Link, placeIn } from "../parts/router.tsx";
import { Facts, Section } from "../parts/words.tsx";

interface Diagnostic {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

export function Why({ request }: { readonly request: JournalRequest }) {
  const { scenario, rules, fault, diagnostics } = request;
  if (scenario === null && rules.length === 0 && fault === null && diagnostics.length === 0) return null;
  return (
    <Section title="Why">
      <Facts
        facts={[
          ["Scenario", scenario],
          [
            rules.length === 1 ? "Rule" : "Rules",
            rules.length === 0
              ? null
              : rules.map((rule) => (
                  <Link key={rule} class="chip" to={placeIn("rules", rule)}>
                    {rule}
                  </Link>
                )),
          ],
          ["Fault", fault],
        ]}
      />
      {diagnostics.map(({ code, text }) => (
        <Explained key={code} code={code} text={text} />
      ))}
    </Section>
  );
}

function Explained({ code, text }: { readonly code: string; readonly text: string | null }) {
  const { answer } = useReading<Diagnostic>(`/diagnostics/${encodeURIComponent(code)}`);
  return (
    <div class="explained">
      <p>
        <strong class="mono">{code}</strong> {text ?? answer?.what}
      </p>
      {answer !== undefined && (
        <>
          <p class="quiet">{answer.why}</p>
          <p>
            <strong>What to do:</strong> {answer.fix}
          </p>
        </>
      )}
    </div>
  );
}
