/** Sends a request to a vendor as a client does, so that the journal, rules and faults treat it as a client's. */

/** A request that works, as control shows it. */
export interface Example {
  readonly vendor: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: unknown;
}

/** Sends an example with another body. An answer that is not JSON is returned as text. */
export async function submit(example: Example, body: unknown, scenario = ""): Promise<Answer> {
  const response = await fetch(example.path, {
    method: example.method,
    headers: {
      "content-type": "application/json",
      ...example.headers,
      ...(scenario !== "" && { "x-fauxgen-scenario": scenario }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: [...response.headers], body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
